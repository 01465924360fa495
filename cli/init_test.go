package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStarterNamesWaysIn takes the two ways in that the starter has in comments at their
// word: each, in place of the sandbox, is a valid configuration.
func TestStarterNamesWaysIn(t *testing.T) {
	data, err := starter.ReadFile("starter/main.hcl")
	if err != nil {
		t.Fatal(err)
	}
	var ways []string
	var way strings.Builder
	for line := range strings.Lines(string(data)) {
		if code, ok := strings.CutPrefix(line, "#   "); ok && !strings.HasPrefix(code, "inlay ") {
			way.WriteString(code)
		} else if way.Len() > 0 {
			ways = append(ways, way.String())
			way.Reset()
		}
	}
	if len(ways) != 2 || !strings.HasPrefix(ways[0], "oauth {") {
		t.Fatalf("the starter names %d ways in, and the sign-in not first: %q", len(ways), ways)
	}
	for _, w := range ways {
		dir := t.TempDir()
		text := strings.Replace(string(data), "  sandbox {}\n", w, 1)
		if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		outside := world()
		outside.Stdout, outside.Stderr = &said, &said
		code := Main(context.Background(), []string{"inlay", "-chdir=" + dir, "validate"}, outside)
		if code != exitDone || strings.Contains(said.String(), "Warning") {
			t.Errorf("with\n%s\nvalidate ends with %d and says\n%s", w, code, &said)
		}
	}
}
