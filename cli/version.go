package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

func (s *speech) versionCommand() *entry {
	return &entry{
		name: "version", short: "print the version, and the formats it reads and writes",
		run: func(context.Context, []string) error {
			_, err := fmt.Fprintf(s.out, "inlay %s%s (%s, %s/%s)\nstate format %d, plan format %d\n",
				s.world.Version, commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH, state.Format, plan.Format)
			return err
		},
	}
}

// commit is ", commit and its date" where the build knows them.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	text := ""
	for _, name := range []string{"vcs.revision", "vcs.time"} {
		for _, s := range info.Settings {
			if s.Key == name {
				text += ", " + s.Value
			}
		}
	}
	return text
}
