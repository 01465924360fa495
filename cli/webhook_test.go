package cli

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

const toldOf = `
inlay {
  webhook "ops" {
    url    = env("HOOK")
    secret = env("HOOK_SECRET")
    on     = ["failure", "recovery"]
  }
}
connection "intercom" "acme" {
  base_url     = env("SERVICE")
  access_token = env("TOKEN")
}
source "intercom" "tags" {
  connection = connection.intercom.acme
  stream     = "tags"
}
target "parquet" "tags" {
  source = source.intercom.tags
  mode   = "replace"
}
`

// TestOneShotRunsTell: the webhooks of a run that no daemon made are signed, and delivered
// again under the same name when the receiver was not well.
func TestOneShotRunsTell(t *testing.T) {
	var got, deliveries []string
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		at, given, _ := strings.Cut(r.Header.Get("Inlay-Signature"), ",v1=")
		mac := hmac.New(sha256.New, []byte("hook-secret"))
		mac.Write([]byte(strings.TrimPrefix(at, "t=") + "." + string(body)))
		if given != hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("signature %q of %s", r.Header.Get("Inlay-Signature"), body)
		}
		deliveries = append(deliveries, r.Header.Get("Inlay-Delivery"))
		if len(deliveries) == 1 {
			http.Error(w, "not now", http.StatusBadGateway)
			return
		}
		var e struct{ Event, Address string }
		if err := json.Unmarshal(body, &e); err != nil {
			t.Error(err)
		}
		got = append(got, e.Event+" "+e.Address)
	}))
	defer hook.Close()
	service, err := sandbox.Start(t.Context(), sandbox.Options{Token: "the-token", Contacts: 5}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(toldOf), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"HOOK": hook.URL, "HOOK_SECRET": "hook-secret", "SERVICE": service.URL, "TOKEN": "the-token", "HOME": dir}
	run := func(want int, args ...string) {
		t.Helper()
		var out bytes.Buffer
		world := project.World{
			Now: time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			Env: func(n string) (string, bool) { v, ok := env[n]; return v, ok }, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
			Providers: []providers.Provider{intercom.New()}, Version: "0.1.0",
		}
		if code := Main(t.Context(), append([]string{"inlay", "-chdir=" + dir}, args...), world); code != want {
			t.Fatalf("%v: exit %d\n%s", args, code, out.String())
		}
	}
	run(exitDone, "apply", "-auto-approve")
	env["TOKEN"] = "another-token"
	run(exitCredentials, "run", "target.parquet.tags")
	env["TOKEN"] = "the-token"
	run(exitDone, "run", "-all")
	if want := []string{"failure target.parquet.tags", "recovery target.parquet.tags"}; !slices.Equal(got, want) {
		t.Errorf("told %v", got)
	}
	if len(deliveries) != 3 || deliveries[0] != deliveries[1] || deliveries[1] == deliveries[2] {
		t.Errorf("delivered as %v", deliveries)
	}
}
