package examples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// TestWithAnAccount applies the example for a real account as it stands, but for the
// address: a served workspace that wants the token takes the place of Intercom.
func TestWithAnAccount(t *testing.T) {
	server, err := sandbox.Start(t.Context(), sandbox.Options{Token: canary.Token, Contacts: 100, Conversations: 40}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	p := copyOf(t, "intercom")
	p.must(0, "validate")
	p.must(0, "plan")
	main := filepath.Join(p.dir, "main.hcl")
	text, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	const line = `  access_token = env("INTERCOM_ACCESS_TOKEN")`
	here := strings.Replace(string(text), line, line+"\n  base_url     = \""+server.URL+"\"", 1)
	if here == string(text) {
		t.Fatalf("the example's connection has no line %s", line)
	}
	if err := os.WriteFile(main, []byte(here), 0o644); err != nil {
		t.Fatal(err)
	}
	p.must(7, "apply") // without the token
	t.Setenv("INTERCOM_ACCESS_TOKEN", canary.Token)
	p.must(0, "apply")
	p.must(0, "plan", "-detailed-exitcode")
	p.must(0, "table", "check")
	if found, err := canary.Scan(p.dir); err != nil || len(found) > 0 {
		t.Error(err, found)
	}
}
