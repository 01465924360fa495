package objectstest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/objects/s3"
)

// Gateway starts the S3 server that `make s3server` builds, with an empty bucket in a
// folder, for as long as the test; an object is the file of its bucket and key there. Where it was not built the test is skipped aloud, unless
// INLAY_NO_SKIP says that everything must run.
func Gateway(t testing.TB) (access s3.Access, folder string) {
	t.Helper()
	return gateway(t, "--sidecar", t.TempDir())
}

// CarelessGateway is a Gateway that keeps nothing but the bytes of objects, and therefore
// overlooks the condition a request carries.
func CarelessGateway(t testing.TB) s3.Access {
	t.Helper()
	access, _ := gateway(t, "--nometa")
	return access
}

func gateway(t testing.TB, how ...string) (s3.Access, string) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	program := filepath.Join(filepath.Dir(here), "..", "..", "..", "tools", "s3server", "versitygw")
	if _, err := os.Stat(program); err != nil {
		if os.Getenv("INLAY_NO_SKIP") != "" {
			t.Fatalf("the S3 server must be there and is not (%v): run `make s3server`", err)
		}
		t.Skip("the S3 server is not built, so nothing is tried against one that people use: run `make s3server`")
	}
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, Bucket), 0o755); err != nil {
		t.Fatal(err)
	}
	a := s3.Access{ID: "id", Secret: "secret"}
	address := freeAddress(t)
	a.Endpoint = "http://" + address
	args := append([]string{"--quiet", "--keep-alive", "--access", a.ID, "--secret", a.Secret, "--port", address, "posix"}, how...)
	cmd := exec.Command(program, append(args, folder)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	awaitServer(t, address, ended)
	return a, folder
}

// freeAddress is one of this machine that nobody listens at just now.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// awaitServer waits until somebody listens, or the server has ended.
func awaitServer(t testing.TB, address string, ended chan error) {
	t.Helper()
	for {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close() // it answered
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the S3 server ended: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
