package command

import (
	"context"
	"fmt"

	cliflag "github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/serve"

	"github.com/inlay-sync/inlay/engines/temporal/worker"
)

type workerFlags struct {
	folders
	server
	parallelism int
}

func (s *speech) worker() cli.Command {
	f := &workerFlags{}
	return cli.Command{
		Name: "worker", Short: "import what Temporal asks for, until it is stopped",
		Long: `Start as many as you like, on as many machines: a worker that dies is replaced by another
within ten seconds, which goes on from its checkpoint. Every worker needs the folders of
configuration, the credentials they name, and reach of state and warehouse. A first
interrupt stops imports at a checkpoint, a second one at once. INLAY_LOG=json writes the
log for machines.`,
		Examples: []string{
			"inlay temporal worker",
			"inlay temporal worker -chdir crm -chdir support -parallelism 2",
			"inlay temporal worker -each /srv/workspaces",
		},
		Codes: []int{exitCredentials, exitRemote, exitInterrupted},
		Flags: append(append(f.folders.flags(), f.server.flags(s.world)...),
			&cliflag.IntFlag{Name: "parallelism", Usage: "how many imports run at once here, each of another workspace: `N`", Value: 4, Destination: &f.parallelism}),
		Run: func(ctx context.Context) error { return s.work(ctx, f) },
	}
}

func (s *speech) work(ctx context.Context, f *workerFlags) error {
	if f.parallelism < 1 {
		return cli.Misused("inlay temporal worker", "-parallelism is at least 1")
	}
	dirs, err := f.list(s.Folder())
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if _, err := s.Open(dir); err != nil { // says mistakes with the lines they are in
			return err
		}
	}
	form, _ := s.world.Env("INLAY_LOG")
	log := serve.NewLog(s.world.Stderr, form, s.world.Now)
	c, err := f.dial(ctx, s.world, log)
	if err != nil {
		return err
	}
	defer c.Close()
	world := s.world
	world.Command = "inlay temporal worker"
	return worker.Run(ctx, worker.Options{
		World: world, Client: c, Dirs: dirs, Queue: f.queue, Parallelism: f.parallelism, Log: log,
		Ready: func() {
			fmt.Fprintf(s.world.Stdout, "Working for %s on the task queue %s.\nCtrl-C ends it.\n", report.Plural(int64(len(dirs)), "folder"), f.queue)
		},
	})
}
