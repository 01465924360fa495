package main

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	columns = 80
	rows    = 30
)

// story is what the picture shows: commands by the page they are shown on.
var story = [][]string{
	{"inlay plan"},
	{"inlay apply"},
	{`duckdb -c "SELECT email, created_at FROM 'warehouse/crm/users/**/*.parquet' LIMIT 4"`,
		`sed -i 's/"append"/"upsert"/' main.hcl`, "inlay plan"},
}

// recording is what a person saw.
type recording struct {
	frames []frame
	pages  []string // the text of each page at its end
}

// record follows the story in a folder, with an environment for its commands.
func record(dir string, env []string) (recording, error) {
	var out recording
	for _, commands := range story {
		page := newScreen(columns, rows)
		for _, command := range commands {
			page.show("\x1b[32m$\x1b[0m " + command)
			out.frames = append(out.frames, page.frame(1.5))
			page.show("\n")
			between, err := page.command(dir, env, command)
			if err != nil {
				return out, err
			}
			out.frames = append(out.frames, some(between, 8)...)
			out.frames = append(out.frames, page.frame(1.5))
		}
		out.frames[len(out.frames)-1].seconds = 6
		out.pages = append(out.pages, page.text())
	}
	return out, nil
}

// show writes as a terminal does, where each new line begins at its left.
func (s *screen) show(text string) {
	_, _ = s.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
}

// command runs a command on a terminal of its own that this screen follows, says yes where
// it asks, and returns what the screen showed on the way.
func (s *screen) command(dir string, env []string, line string) ([]frame, error) {
	own, tty, err := openTerminal(s.columns, s.rows)
	if err != nil {
		return nil, err
	}
	defer own.Close()
	cmd := exec.Command("bash", "-c", line)
	cmd.Dir, cmd.Env = dir, env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, tty.Close())
	}
	if err := tty.Close(); err != nil {
		return nil, err
	}
	between, err := s.follow(own)
	return between, errors.Join(err, cmd.Wait())
}

func (s *screen) follow(own *os.File) ([]frame, error) {
	var out []frame
	var asked bool
	buffer := make([]byte, 4096)
	last := time.Now()
	for {
		n, err := own.Read(buffer)
		if _, werr := s.Write(buffer[:n]); werr != nil {
			return nil, werr
		}
		switch {
		case errors.Is(err, syscall.EIO): // Linux says so when the last one who held the terminal is gone
			return out, nil
		case err != nil:
			return nil, err
		case !asked && strings.HasSuffix(s.text(), "Only yes will do: "):
			asked = true
			out = append(out, s.frame(1.5))
			if _, err := own.Write([]byte("yes\n")); err != nil {
				return nil, err
			}
		case time.Since(last) > 50*time.Millisecond:
			last = time.Now()
			out = append(out, s.frame(0.4))
		}
	}
}

// some are at most n of the frames, evenly chosen; those that stay longer all of them.
func some(frames []frame, n int) []frame {
	var out []frame
	for i, f := range frames {
		if f.seconds > 1 || len(frames) <= n || i*n/len(frames) != (i-1)*n/len(frames) {
			out = append(out, f)
		}
	}
	return out
}
