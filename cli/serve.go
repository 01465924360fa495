package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	daemon "github.com/inlay-sync/inlay/serve"
	"github.com/inlay-sync/inlay/setting"
)

type serveFlags struct {
	vars        vars
	listen      string
	parallelism int
	lockTimeout time.Duration
}

func (s *speech) serveCommand() *entry {
	f := &serveFlags{}
	return &entry{
		name: "serve", short: "run what is due as it comes, and show how things stand on a page",
		long: `Imports targets as their slots come, by the specs last applied, and tries again what
failed. When files of the configuration change, or on SIGHUP, it plans and waits until a
person approves the plan on its page; it applies nothing by itself.

The page answers on this machine alone. Elsewhere it needs INLAY_SERVE_TOKEN, a long random
text: people sign in with it, machines send it as a bearer token. Beside the page there are
/healthz, /readyz and /metrics. INLAY_LOG=json writes the log for machines.`,
		examples: []string{
			"inlay serve",
			"inlay -chdir=/srv/crm serve -listen 127.0.0.1:9000",
			"INLAY_SERVE_TOKEN=$(cat token) inlay serve -listen 0.0.0.0:8484",
		},
		codes: []int{exitInterrupted},
		flags: append(f.vars.flags(),
			&cli.StringFlag{Name: "listen", Usage: "where the page answers: `HOST:PORT`; off for no page", Value: "127.0.0.1:8484", Destination: &f.listen},
			&cli.IntFlag{Name: "parallelism", Usage: "how many reads run at once: `N`", Value: 4, Destination: &f.parallelism},
			&cli.DurationFlag{Name: "lock-timeout", Usage: "how long an approved plan waits for another command: `DURATION`", Value: time.Minute, Destination: &f.lockTimeout}),
		run: func(ctx context.Context, _ []string) error { return s.serve(ctx, f) },
	}
}

func (s *speech) serve(ctx context.Context, f *serveFlags) error {
	if f.parallelism < 1 {
		return &usageError{"inlay serve", "-parallelism is at least 1"}
	}
	token, _ := s.world.Env("INLAY_SERVE_TOKEN")
	form, _ := s.world.Env("INLAY_LOG")
	reload := make(chan struct{}, 1)
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	go func() {
		for {
			select {
			case <-hangups:
				select {
				case reload <- struct{}{}:
				default: // it is about to
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	folder, err := filepath.Abs(s.global.chdir)
	if err != nil {
		return err
	}
	o := daemon.Options{
		World: s.world, Flags: project.Flags{Dir: s.global.chdir, Vars: f.vars}, Name: filepath.Base(folder), Listen: f.listen, Token: setting.NewSecret(token),
		Parallelism: f.parallelism, LockTimeout: f.lockTimeout, Log: daemon.NewLog(s.err, form, s.world.Now), Reload: reload,
		Listening: func(url string) { fmt.Fprintf(s.out, "The page answers at %s\nCtrl-C ends it.\n", url) },
	}
	if f.listen == "off" {
		o.Listen = ""
	}
	if _, err := s.open(f.vars); err != nil { // says mistakes with the lines they are in
		return err
	}
	return daemon.Run(ctx, o)
}

// tell tells the webhooks of the configuration what became of an apply's imports. What
// could not be told is said and fails nothing.
func (s *speech) tell(ctx context.Context, p *project.Project, t *report.Tally) error {
	hooks, wrong := daemon.Hooks(p)
	for i := range wrong {
		wrong[i].Severity = report.Warning
	}
	for _, err := range daemon.Tell(context.WithoutCancel(ctx), s.world, p, t, hooks) {
		f := report.FromError(err)
		f.Severity = report.Warning
		wrong = append(wrong, f)
	}
	if len(wrong) == 0 {
		return nil
	}
	return report.FindingsText(s.err, s.style(s.err), wrong, s.source)
}
