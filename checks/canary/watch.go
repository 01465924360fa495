package canary

import "testing"

// Watch looks for the token when a test ends: in every file below a folder, and in all that
// was said. A test calls it after it has made the folder.
func Watch(t testing.TB, dir string, said func() string) {
	t.Helper()
	t.Cleanup(func() {
		t.Helper()
		found, err := Scan(dir)
		if err != nil {
			t.Error(err)
		}
		for _, f := range found {
			t.Error(f)
		}
		if said == nil {
			return
		}
		if text := said(); Find([]byte(text)) != "" {
			t.Errorf("the token was printed, %s:\n%s", Find([]byte(text)), text)
		}
	})
}
