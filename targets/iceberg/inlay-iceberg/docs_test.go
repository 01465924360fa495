package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var fenced = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```")

// TestPage follows the page about this program: its configuration, its commands, and what
// they print.
func TestPage(t *testing.T) {
	text, err := os.ReadFile("../../../docs/iceberg.md")
	if err != nil {
		t.Fatal(err)
	}
	dir, commands := t.TempDir(), 0
	for _, b := range fenced.FindAllStringSubmatch(string(text), -1) {
		switch b[1] {
		case "hcl":
			if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(b[2]), 0o644); err != nil {
				t.Fatal(err)
			}
		case "console":
			for _, c := range strings.Split("\n"+b[2], "\n$ ")[1:] {
				command, shown, _ := strings.Cut(c, "\n")
				args := strings.Fields(command)
				cmd := exec.Command(os.Args[0], args[1:]...)
				cmd.Dir, cmd.Env = dir, append(os.Environ(), asProgram+"=1")
				out, err := cmd.CombinedOutput()
				if err != nil || args[0] != "inlay-iceberg" || !strings.Contains(string(out), strings.TrimSpace(shown)) {
					t.Errorf("%s: %v\n%s", command, err, out)
				}
				commands++
			}
		}
	}
	if commands < 4 {
		t.Errorf("only %d commands were found on the page", commands)
	}
}
