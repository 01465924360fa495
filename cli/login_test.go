package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// TestLogin signs in as a person with a browser would, and uses the stored sign-in.
func TestLogin(t *testing.T) {
	server, err := sandbox.Start(t.Context(), sandbox.Options{Contacts: 20}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	dir, home := t.TempDir(), t.TempDir()
	text := fmt.Sprintf(`connection "intercom" "acme" {
  base_url = %q
  oauth {
    client_id     = "sandbox-client"
    client_secret = "sandbox-secret"
    redirect_url  = "https://example.com/done"
  }
}
source "intercom" "tags" {
  connection = connection.intercom.acme
  stream     = "tags"
}
`, server.URL)
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("INLAY_CREDENTIALS", filepath.Join(home, "deep", "sign-ins.json"))

	if code, said := in(t, dir, "preview", "source.intercom.tags"); code != exitCredentials || !strings.Contains(said, "inlay login connection.intercom.acme") {
		t.Fatalf("not signed in: exit %d\n%s", code, said)
	}
	if code, said := in(t, dir, "login", "-list"); code != exitDone || !strings.Contains(said, "Nobody") {
		t.Errorf("login -list of none: exit %d\n%s", code, said)
	}
	if code, said := in(t, dir, "login", "connection.intercom.acme"); code != exitCredentials {
		t.Errorf("nothing pasted: exit %d\n%s", code, said)
	}

	said, code := loginLikeAPerson(t, dir)
	if code != exitDone || !strings.Contains(said, "Signed in to") {
		t.Fatalf("exit %d\n%s", code, said)
	}
	st, err := os.Stat(filepath.Join(home, "deep", "sign-ins.json"))
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the stored sign-in: %v %v", st, err)
	}
	if code, said := in(t, dir, "preview", "source.intercom.tags", "-limit", "1"); code != exitDone {
		t.Errorf("signed in: exit %d\n%s", code, said)
	}
	if code, said := in(t, t.TempDir(), "login", "-list"); code != exitDone || !strings.Contains(said, "intercom") || !strings.Contains(said, "sandbox-client") {
		t.Errorf("login -list: exit %d\n%s", code, said)
	}
	if code, said := in(t, dir, "logout", "connection.intercom.acme"); code != exitDone {
		t.Errorf("logout: exit %d\n%s", code, said)
	}
	if code, _ := in(t, dir, "preview", "source.intercom.tags"); code != exitCredentials {
		t.Errorf("after the logout: exit %d", code)
	}
}

// loginLikeAPerson reads the address, opens it, and pastes the one it ends at.
func loginLikeAPerson(t *testing.T, dir string) (said string, code int) {
	t.Helper()
	read, write := io.Pipe()
	paste, pasted := io.Pipe()
	w := world()
	w.Stdin, w.Stdout, w.Stderr = paste, write, write
	done := make(chan int, 1)
	go func() {
		done <- Main(context.Background(), []string{"inlay", "-chdir=" + dir, "login", "connection.intercom.acme"}, w)
		write.Close()
	}()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var all strings.Builder
	for lines := bufio.NewScanner(read); lines.Scan(); {
		all.WriteString(lines.Text() + "\n")
		if where := strings.TrimSpace(lines.Text()); strings.HasPrefix(where, "http://") {
			resp, err := browser.Get(where)
			if err != nil {
				t.Error(err)
				pasted.Close()
				continue
			}
			resp.Body.Close()
			go fmt.Fprintln(pasted, resp.Header.Get("Location"))
		}
	}
	return all.String(), <-done
}
