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
	return &entry{
		name: "login", args: "CONNECTION", min: 1, max: 1, short: "sign in to the service of a connection that has an oauth block",
		long: `Prints the address to sign in at, reads the address the browser ends at, and stores the
token in the home folder, readable by you alone (INLAY_CREDENTIALS names another file). It
is written to no project, state, plan or log.`,
		examples: []string{"inlay login connection.intercom.acme"},
		codes:    []int{exitCredentials, exitRemote, exitInterrupted},
		flags:    v.flags(),
		run:      func(ctx context.Context, args []string) error { return s.login(ctx, *v, args[0]) },
	}
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
			list, err := addresses(args)
			if err != nil {
				return err
			}
			p, err := s.open(*v)
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
