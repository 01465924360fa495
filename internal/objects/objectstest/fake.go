package objectstest

import (
	"net/http/httptest"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/s3"
)

// Bucket is the bucket that the servers of tests hold.
const Bucket = "acme-data"

// Server starts an S3 server in memory, with an empty bucket, that ends with the test.
func Server(t testing.TB) s3.Access {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(Bucket); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(server.Close)
	return s3.Access{Endpoint: server.URL, ID: "id", Secret: "secret"}
}

// Open opens the store at a prefix of the bucket of a server.
func Open(t testing.TB, a s3.Access, prefix string) objects.Store {
	t.Helper()
	s, err := (&s3.Account{Access: a}).Open(objects.URL{Bucket: Bucket, Prefix: prefix})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// New returns an empty store on a server of its own.
func New(t testing.TB) objects.Store { return Open(t, Server(t), "some/place") }
