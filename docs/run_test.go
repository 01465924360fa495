package docs

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// run runs one command in a folder; apply is told not to ask. It has to succeed.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	if args[0] == "apply" {
		args = append([]string{"apply", "-auto-approve"}, args[1:]...)
	}
	var out, errs bytes.Buffer
	line := append([]string{"inlay", "-chdir=" + dir}, args...)
	if code := cli.Main(t.Context(), line, world(&out, &errs)); code != 0 {
		t.Fatalf("inlay %s: exit %d\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	return out.String()
}

// world is the real one, but for the streams and for variables of our own.
func world(out, errs *bytes.Buffer) project.World {
	env := func(name string) (string, bool) {
		if strings.HasPrefix(name, "INLAY_") || strings.HasPrefix(name, "INTERCOM_") {
			return "", false
		}
		return os.LookupEnv(name)
	}
	return project.World{
		Now: time.Now, Sleep: sleep, Env: env,
		Stdin: strings.NewReader(""), Stdout: out, Stderr: errs,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0",
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func formatted(t *testing.T, text string) string {
	t.Helper()
	out, diags := lang.Format([]byte(text), "page.hcl")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return string(out)
}
