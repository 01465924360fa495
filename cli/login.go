package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

func (s *speech) loginCommand() *entry {
	v := &vars{}
	list := false
	return &entry{
		name: "login", args: "CONNECTION", max: 1, short: "sign in to the service of a connection that has an oauth block",
		long: `If you use Google to sign in to Intercom, sign in there first, in the same browser: the sign-in
page asks for a password.

Prints the address to sign in at, reads the address the browser ends at, and stores the
token in the home folder, readable by you alone (INLAY_CREDENTIALS names another file). It
is written to no project, state, plan or log. With -list it names the workspaces that are
signed in to, which needs no configuration.`,
		examples: []string{"inlay login connection.intercom.acme", "inlay login -list"},
		codes:    []int{exitCredentials, exitRemote, exitInterrupted},
		flags:    append(v.flags(), &cli.BoolFlag{Name: "list", Usage: "list the stored sign-ins by workspace name", Destination: &list}),
		run: func(ctx context.Context, args []string) error {
			switch {
			case list:
				return s.signIns()
			case len(args) == 0:
				return usage([]string{"inlay", "login"}, "it needs CONNECTION, or -list")
			}
			return s.login(ctx, *v, args[0])
		},
	}
}

// signIns lists the stored sign-ins.
func (s *speech) signIns() error {
	stored, err := s.world.StoredSignIns()
	if err != nil {
		return err
	}
	g := report.Grid{Empty: "Nobody is signed in.", Columns: []report.Column{{Name: "workspace"}, {Name: "service"}, {Name: "app"}}}
	for _, in := range stored {
		g.Rows = append(g.Rows, []report.Cell{report.Text(in.Account), report.Text(in.Service), report.Text(in.App)})
	}
	return g.Show(s.out, s.style(s.out), "text")
}

func (s *speech) login(ctx context.Context, v vars, name string) error {
	list, err := addresses([]string{name})
	if err != nil {
		return err
	}
	p, err := s.open(v)
	if err != nil {
		return err
	}
	sign, err := p.Login(list[0])
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.out, "%s\n\nSign in at:\n\n  %s\n\nThe address the browser ends at: ", sign.Note, sign.URL); err != nil {
		return err
	}
	redirected, err := s.readLine(ctx)
	if err != nil {
		return err
	}
	if redirected == "" {
		return &project.Error{Kind: project.Credentials, Summary: "Not signed in", Detail: "No address was given, so nothing was stored. Run `inlay login " + name + "` again."}
	}
	account, err := sign.Finish(ctx, redirected)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "\nSigned in to %s.\n", report.Clean(account))
	return err
}

func (s *speech) logoutCommand() *entry {
	v := &vars{}
	account := ""
	return &entry{
		name: "logout", args: "CONNECTION", min: 1, max: 1, short: "forget the stored sign-ins of a connection",
		long:     "The service is not told; tokens are revoked there.",
		examples: []string{"inlay logout connection.intercom.acme", "inlay logout connection.intercom.acme -account Acme"},
		flags:    append(v.flags(), &cli.StringFlag{Name: "account", Usage: "only the sign-in of this workspace: `NAME`", Destination: &account}),
		run: func(_ context.Context, args []string) error {
			p, list, err := s.openFor(args, *v)
			if err != nil {
				return err
			}
			gone, err := p.Logout(list[0], account)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.out, "Forgot the sign-in to %s.\n", report.Clean(strings.Join(gone, ", ")))
			return err
		},
	}
}
