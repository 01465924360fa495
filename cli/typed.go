package cli

import (
	"bufio"
	"context"
	"io"
	"os"

	"golang.org/x/term"
)

const prompt = "> "

// lines gives the lines of standard input, one a call, and io.EOF behind the last. At a
// terminal they can be edited, and earlier ones called back. done must be called in the end.
func (s *speech) lines() (next func() (string, error), done func(), err error) {
	in, isFile := s.world.Stdin.(*os.File)
	out, alsoFile := s.out.(*os.File)
	if isFile && alsoFile && s.interactive() {
		return typed(in, out)
	}
	read := bufio.NewScanner(s.world.Stdin)
	read.Buffer(nil, 1<<20)
	return func() (string, error) {
		if read.Scan() {
			return read.Text(), nil
		}
		if err := read.Err(); err != nil {
			return "", err
		}
		return "", io.EOF
	}, func() {}, nil
}

// typed reads lines from a terminal. Only while it reads one the terminal is raw, so that
// what is printed between them, and what stops the program, is as anywhere.
func typed(in, out *os.File) (next func() (string, error), done func(), err error) {
	at := int(in.Fd())
	before, err := term.GetState(at)
	if err != nil {
		return nil, nil, err
	}
	line := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, prompt)
	restore := func() { _ = term.Restore(at, before) } // a terminal that is gone needs it no more
	return func() (string, error) {
		if width, height, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
			if err := line.SetSize(width, height); err != nil {
				return "", err
			}
		}
		if _, err := term.MakeRaw(at); err != nil {
			return "", err
		}
		defer restore()
		return line.ReadLine()
	}, restore, nil
}

// await waits for a line or the end of ctx, which counts as the end of input.
func await(ctx context.Context, next func() (string, error)) (string, error) {
	type answer struct {
		line string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		line, err := next()
		got <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", io.EOF
	case a := <-got:
		return a.line, a.err
	}
}
