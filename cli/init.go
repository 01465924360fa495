package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
)

// starter is what a first configuration looks like. It needs no account.
const starter = `# A first configuration. It reads a simulated workspace, so it needs no account:
# for a real one, replace the sandbox block by
#   access_token = env("INTERCOM_ACCESS_TOKEN")
connection "intercom" "main" {
  sandbox {}
}

source "intercom" "users" {
  connection  = connection.intercom.main
  stream      = "users"
  incremental = true
}

target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  time_column = "created_at"
  schedule    = schedule.nightly
}

schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "UTC"
}
`

func (s *speech) initCommand() *entry {
	return &entry{
		name: "init", short: "write a first main.hcl into a folder that has none",
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
	if err := project.Write(s.world, s.path("main.hcl"), []byte(starter), 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "Wrote main.hcl. `inlay plan` says what it would do, `inlay apply` does it.")
	return err
}
