package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/convert"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

type convertFlags struct {
	args convert.Arguments
	out  string
}

func (s *speech) convertCommand() *entry {
	f := &convertFlags{}
	a := &f.args
	return &entry{
		name: "convert", args: "FILE|-|td COMMAND…", min: 1, max: -1, short: "turn a Treasure Data connector file into configuration",
		long: `FILE is the load.yml of a connector for Intercom; - reads standard input. What the td
command was told comes from the flags, or from the whole command written out, behind -- if
it has options of one letter. No token is copied. What cannot be carried over is a
comment in the text and a warning.`,
		examples: []string{
			"inlay convert load.yml -database crm -table users -time-column created_at -auto-create-table",
			`inlay convert -out users.hcl td connector:create nightly "10 0 * * *" crm users load.yml --delay 1800`,
			"inlay convert -no-connection -out tags.hcl tags.yml",
		},
		flags: []cli.Flag{
			&cli.StringFlag{Name: "database", Usage: "the database the connector wrote `NAME`", Destination: &a.Database},
			&cli.StringFlag{Name: "table", Usage: "the table the connector wrote `NAME`", Destination: &a.Table},
			&cli.StringFlag{Name: "time-column", Usage: "the `COLUMN` that rows are partitioned by", Destination: &a.TimeColumn},
			&cli.BoolFlag{Name: "auto-create-table", Usage: "let apply create database and table", Destination: &a.AutoCreateTable},
			&cli.StringFlag{Name: "name", Usage: "what the connector was called: the schedule's `NAME`", Destination: &a.Name},
			&cli.StringFlag{Name: "cron", Usage: "when it ran: `EXPRESSION`", Destination: &a.Cron},
			&cli.StringFlag{Name: "timezone", Usage: "the time `ZONE` of cron", Destination: &a.Timezone},
			&cli.StringFlag{Name: "delay", Usage: "by how many `SECONDS` a run was delayed", Destination: &a.Delay},
			&cli.StringFlag{Name: "connection", Usage: "what the connection is called: `NAME`, main unless said otherwise", Destination: &a.Connection},
			&cli.BoolFlag{Name: "no-connection", Usage: "leave the connection out: another file of the folder has it", Destination: &a.NoConnection},
			&cli.StringFlag{Name: "out", Usage: "write `FILE`, which must not be there yet, instead of standard output", Destination: &f.out},
		},
		run: func(_ context.Context, words []string) error { return s.convert(f, words) },
	}
}

func (s *speech) convert(f *convertFlags, words []string) error {
	name, args, err := f.read(words)
	if err != nil {
		return err
	}
	yml, err := s.input(name)
	if err != nil {
		return err
	}
	text, notes, err := convert.File(yml, args)
	if err != nil {
		return err
	}
	if err := s.deliver(f.out, text); err != nil {
		return err
	}
	var found []report.Finding
	for _, n := range notes {
		w := report.Finding{Severity: report.Warning, Summary: "Not carried over", Detail: n.Text}
		if n.Line > 0 {
			w.File, w.Start.Line = name, n.Line
		}
		found = append(found, w)
	}
	// Without the text of the file: its lines may hold tokens.
	return report.FindingsText(s.err, s.style(s.err), found, nil)
}

// read takes the file and what the td command was told, from a command that is written out
// or from the flags; where both say something, the flags are meant.
func (f *convertFlags) read(words []string) (name string, args convert.Arguments, err error) {
	if !convert.IsCommand(words) {
		if len(words) > 1 {
			return "", args, usage([]string{"inlay", "convert"}, "%q is one argument too many", words[1])
		}
		return words[0], f.args, nil
	}
	if args, name, err = convert.Command(words); err != nil {
		return "", args, err
	}
	return name, f.args.Over(args), nil
}

// input reads a file, or standard input.
func (s *speech) input(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(s.world.Stdin)
	}
	return os.ReadFile(s.path(name))
}

// deliver writes a text to a new file, or to standard output.
func (s *speech) deliver(name, text string) error {
	if name == "" {
		_, err := fmt.Fprint(s.out, text)
		return err
	}
	if _, err := os.Lstat(s.path(name)); !errors.Is(err, fs.ErrNotExist) {
		return &project.Error{Kind: project.Refused, Summary: "File exists",
			Detail: fmt.Sprintf("%s is there already, and convert overwrites nothing. Name another file with -out, or move this one away.", name)}
	}
	if err := project.Write(s.world, s.path(name), []byte(text), 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.out, "Wrote %s. `inlay plan` says what it would do.\n", name)
	return err
}
