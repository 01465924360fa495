package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"archive/tar"

	"github.com/inlay-sync/inlay/project"
)

// revisions lays the folder out as it was at two revisions of its git repository. With no
// second revision the folder itself is the second side.
func (s *speech) revisions(ctx context.Context, from, to string) (before, after string, clean func(), err error) {
	dir := s.path(".")
	temp, err := os.MkdirTemp("", "inlay-diff-")
	if err != nil {
		return "", "", nil, err
	}
	clean = func() { _ = os.RemoveAll(temp) } // a temporary folder; the system removes it later
	before, after = filepath.Join(temp, "before"), filepath.Join(temp, "after")
	if err := checkout(ctx, dir, from, before); err != nil {
		clean()
		return "", "", nil, err
	}
	if to == "" {
		return before, dir, clean, nil
	}
	if err := checkout(ctx, dir, to, after); err != nil {
		clean()
		return "", "", nil, err
	}
	return before, after, clean, nil
}

// checkout writes the files of dir at a revision into a new folder. git archive reads
// objects alone: no index, no hooks and no working tree are touched.
func checkout(ctx context.Context, dir, revision, into string) error {
	if strings.HasPrefix(revision, "-") {
		return &usageError{"inlay diff", fmt.Sprintf("%q is not a revision", revision)}
	}
	if err := os.MkdirAll(into, 0o755); err != nil {
		return err
	}
	var out, problem bytes.Buffer
	cmd := exec.CommandContext(ctx, "git", "-C", dir, "archive", "--format=tar", revision+"^{commit}", "--", ".")
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		text := strings.TrimSpace(problem.String())
		if text == "" {
			text = err.Error()
		}
		return &project.Error{Kind: project.NotFound, Summary: "Revision not readable",
			Detail: fmt.Sprintf("git could not give the files of %q at %s: %s. The folder must be in a git repository that has the revision; two folders can be compared without git.", dir, revision, text)}
	}
	return unpack(&out, into)
}

// unpack writes the regular files of a tar archive; nothing outside the folder.
func unpack(r io.Reader, into string) error {
	root, err := os.OpenRoot(into)
	if err != nil {
		return err
	}
	defer root.Close()
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.FromSlash(h.Name)
		switch h.Typeflag {
		case tar.TypeDir:
			err = root.MkdirAll(name, 0o755)
		case tar.TypeReg:
			err = unpackFile(root, name, t)
		}
		if err != nil {
			return err
		}
	}
}

func unpackFile(root *os.Root, name string, r io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}
