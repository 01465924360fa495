// Command recording makes the picture of the README: it builds inlay, runs it on a terminal
// of 80 columns in a folder that shows what it does, and draws what a person sees there as
// one SVG. `go run ./docs/recording` in the checkout writes docs/images/terminal.svg.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	if err := run("docs/images/terminal.svg"); err != nil {
		fmt.Fprintln(os.Stderr, "recording:", err)
		os.Exit(1)
	}
}

func run(to string) error {
	checkout, err := os.Getwd()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "recording")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	seen, err := take(checkout, dir)
	if err != nil {
		return err
	}
	return os.WriteFile(to, []byte(picture(seen)), 0o644)
}

// take builds the program of a checkout and records it in a new folder inside dir.
func take(checkout, dir string) (recording, error) {
	program, scene := filepath.Join(dir, "bin", "inlay"), filepath.Join(dir, "crm")
	build := exec.Command("go", "build", "-C", checkout, "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		return recording{}, fmt.Errorf("%w\n%s", err, out)
	}
	if err := os.CopyFS(scene, os.DirFS(filepath.Join(checkout, "docs", "recording", "scene"))); err != nil {
		return recording{}, err
	}
	return record(scene, []string{
		"PATH=" + filepath.Dir(program) + ":" + filepath.Join(checkout, "docs", "testdata", "bin") + ":" + os.Getenv("PATH"),
		"HOME=" + dir, "TERM=xterm-256color", "LANG=C.UTF-8", "PROGRAM=" + program, "REPOSITORY=" + checkout,
	})
}
