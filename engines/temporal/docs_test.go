package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/canary"
)

// page is the documentation of this module.
const page = "../../docs/temporal.md"

var block = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```")

// TestPage follows the page from its beginning to its end: its configuration, its commands,
// and what they print. `inlay temporal` finds the program beside inlay.
func TestPage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	bin, dir := programs(t), t.TempDir()
	commands := 0
	for _, b := range block.FindAllStringSubmatch(string(text), -1) {
		switch b[1] {
		case "hcl":
			(rig{t, dir}).write(b[2])
		case "console":
			for _, c := range strings.Split("\n"+b[2], "\n$ ")[1:] {
				command, shown, _ := strings.Cut(c, "\n")
				commands++
				printed(t, command, shown, shell(t, bin, dir, command, shown))
			}
		}
	}
	if commands < 8 {
		t.Errorf("only %d commands were found on the page", commands)
	}
}

// programs is a folder with inlay, and with this program beside it.
func programs(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "inlay"), ".")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	own, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\nINLAY_TEST_PROGRAM=1 exec '" + own + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "inlay-temporal"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return bin
}

// shell runs a command as a reader does. One that does not end is interrupted when it has
// said what the page shows.
func shell(t *testing.T, bin, dir, command, shown string) string {
	t.Helper()
	out := &output{}
	cmd := exec.CommandContext(context.Background(), "bash", "-c", "exec "+command)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "TEMPORAL_ADDRESS="+temporal.GetFrontendHostPort(),
		"TEMPORAL_NAMESPACE="+temporal.GetDefaultNamespace(), "TOKEN="+canary.Token)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(shown, "Ctrl-C ends it") {
		until(t, command+" has begun", func() bool { return strings.Contains(out.String(), "Ctrl-C ends it") })
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out.String())
	}
	return out.String()
}

var (
	id     = regexp.MustCompile(`[0-9a-f]{32}`)
	sum    = regexp.MustCompile(`\([0-9a-f]{8}\)`)
	digits = regexp.MustCompile(`20\d\d-[-0-9T:Z]+`)
)

// printed fails for a line of the page that the command does not print. Ids and dates are
// others every time.
func printed(t *testing.T, command, shown, said string) {
	t.Helper()
	shape := func(text string) string {
		text = strings.ReplaceAll(text, temporal.GetDefaultNamespace(), "default")
		return digits.ReplaceAllString(sum.ReplaceAllString(id.ReplaceAllString(text, "ID"), "SUM"), "DATE")
	}
	lines := strings.Split(shape(said), "\n")
	for line := range strings.SplitSeq(strings.Trim(shape(shown), "\n"), "\n") {
		found := false
		for _, l := range lines {
			found = found || strings.TrimRight(l, " ") == strings.TrimRight(line, " ")
		}
		if !found {
			t.Errorf("%s: the page shows\n%s\nand it prints\n%s", command, line, said)
		}
	}
}
