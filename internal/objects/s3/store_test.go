package s3_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/internal/objects/s3"
)

func TestConform(t *testing.T) {
	t.Run("in memory", func(t *testing.T) { objectstest.Conform(t, objectstest.New(t)) })
	t.Run("gateway", func(t *testing.T) {
		a, _ := objectstest.Gateway(t)
		objectstest.Conform(t, objectstest.Open(t, a, "some/place"))
	})
	t.Run("whole bucket", func(t *testing.T) { objectstest.Conform(t, objectstest.Open(t, objectstest.Server(t), "")) })
}

// TestCareless is a server that people could really have, and must be told about.
func TestCareless(t *testing.T) {
	s := objectstest.Open(t, objectstest.CarelessGateway(t), "p")
	for range 2 { // it is never remembered as tried
		var e *objects.Error
		if err := objects.CheckCondition(s); !errors.As(err, &e) || e.Kind != objects.Unfit {
			t.Errorf("a store that overlooks the condition: %v", err)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	a := objectstest.Server(t)
	for _, c := range []struct {
		name   string
		at     objects.URL
		access s3.Access
		kind   objects.Kind
		says   string
	}{
		{"no bucket", objects.URL{Bucket: "another"}, a, objects.NoBucket, "s3://another/log"},
		{"nobody there", objects.URL{Bucket: "another"}, s3.Access{Endpoint: "http://127.0.0.1:1", ID: "i", Secret: "s"}, objects.Unreachable, "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := (&s3.Account{Access: c.access}).Open(c.at)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range []error{s.PutNew("log", []byte("x")), listed(s)} {
				var e *objects.Error
				if !errors.As(err, &e) || e.Kind != c.kind {
					t.Errorf("%v is not of kind %s", err, c.kind)
				} else if c.says != "" && !strings.Contains(err.Error(), strings.TrimSuffix(c.says, "/log")) {
					t.Errorf("%q does not say %q", err, c.says)
				}
			}
		})
	}
}

func TestWrongCredentials(t *testing.T) {
	a, _ := objectstest.Gateway(t)
	a.Secret = "another"
	err := listed(objectstest.Open(t, a, ""))
	var e *objects.Error
	if !errors.As(err, &e) || e.Kind != objects.Credentials {
		t.Errorf("a wrong secret: %v", err)
	}
}

func TestNoCredentials(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_ENDPOINT_URL", objectstest.Server(t).Endpoint)
	s, err := new(s3.Account).Open(objects.URL{Bucket: objectstest.Bucket})
	if err != nil {
		t.Fatal(err)
	}
	err = listed(s)
	var e *objects.Error
	if !errors.As(err, &e) || e.Kind != objects.Credentials || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID") {
		t.Errorf("no credentials: %v", err)
	}
}

func listed(s objects.Store) error {
	for _, err := range s.List("", "") {
		return err
	}
	return nil
}
