package cli

import (
	"context"
	"fmt"
	"runtime"

	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

func (s *speech) versionCommand() *entry {
	return &entry{
		name: "version", short: "print the version, and the formats it reads and writes",
		run: func(context.Context, []string) error {
			_, err := fmt.Fprintf(s.out, "inlay %s (%s, %s/%s)\nstate format %d, plan format %d\n",
				s.world.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, state.Format, plan.Format)
			return err
		},
	}
}
