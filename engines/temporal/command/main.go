package command

import (
	"context"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/project"
)

// Main runs one command line, args[0] being the program's name, and returns the exit code.
func Main(ctx context.Context, args []string, world project.World) int {
	return cli.Program{
		Name: "inlay temporal", Short: "let Temporal decide when imports run, and on which machine",
		Long: `Each applied schedule becomes one of Temporal's, which wakes a workflow at each slot.
Workers then import what is due, as inlay run -due does: by the specs last applied, each
slot once, whatever triggers or machines come twice.

The server is found as Temporal's own tools find it: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,
TEMPORAL_API_KEY, TEMPORAL_TLS, TEMPORAL_TLS_SERVER_NAME, TEMPORAL_TLS_CLIENT_CERT_PATH,
TEMPORAL_TLS_CLIENT_KEY_PATH and TEMPORAL_TLS_SERVER_CA_CERT_PATH.`,
		Commands: func(v *cli.Voice) []cli.Command {
			s := &speech{Voice: v, world: world}
			return []cli.Command{s.plan(), s.deploy(), s.worker(), s.destroy()}
		},
	}.Main(ctx, args, world)
}

// speech is what the commands share.
type speech struct {
	*cli.Voice
	world project.World
}
