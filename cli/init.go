package cli

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
)

// starter is a first configuration, commented, and what to keep out of a repository.
//
//go:embed starter
var starter embed.FS

func (s *speech) initCommand() *entry {
	return &entry{
		name: "init", short: "write a first configuration into a folder that has none",
		examples: []string{"inlay init && inlay plan", "inlay -chdir=crm init"},
		run:      func(context.Context, []string) error { return s.init() },
	}
}

func (s *speech) init() error {
	dir := s.path(".")
	files, err := lang.Files(dir, false)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(files) > 0 {
		return &project.Error{Kind: project.Refused, Summary: "Configuration exists",
			Detail: fmt.Sprintf("%s has configuration already (%s), and init overwrites nothing. `inlay plan` says what it would do.", dir, files[0])}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	wrote := "Wrote main.hcl and .gitignore."
	files = []string{"main.hcl", ".gitignore"}
	if _, err := os.Lstat(s.path(".gitignore")); err == nil {
		wrote = "Wrote main.hcl. The .gitignore that was there stays as it is: let it name warehouse/ and .inlay/."
		files = files[:1]
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range files {
		if err := s.begin(name); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(s.out, wrote+"\nIt reads a simulated workspace: `inlay plan` says what it would do, `inlay apply` does it."+
		"\nFor a real account, main.hcl says where the sign-in (recommended) or a token goes.")
	return err
}

// begin writes one file of the starter. Its name there has no leading dot, which embedding
// would leave out.
func (s *speech) begin(name string) error {
	data, err := starter.ReadFile("starter/" + strings.TrimPrefix(name, "."))
	if err != nil {
		return err
	}
	return project.Write(s.world, s.path(name), data, 0o644)
}
