package project

import (
	"context"
	"fmt"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/table"
)

// TargetKind is a kind of target besides "parquet". Its tables are kept as those are, and
// their snapshots are shown to readers somewhere else too.
type TargetKind struct {
	Name     string
	Settings []setting.Setting // besides those of every table
	// Check looks at a target's settings as a whole, as a provider's Check does at a
	// connection's; nil looks at nothing. It must be pure.
	Check func(settings setting.Values, written func(attribute string) bool) []providers.Finding
	// Publisher is who shows the table of one target. What it needs it opens when it is asked.
	Publisher func(TargetWorld) table.Publisher
}

// TargetWorld is what the Publisher of one target may know of the outside.
type TargetWorld struct {
	Dir     string          // the folder of the configuration
	Secrets setting.Secrets // of the target, as far as they are set
	Env     func(name string) (string, bool)
	Sleep   func(ctx context.Context, d time.Duration) error
}

// programs are the kinds of targets that other programs of inlay know, with the program.
var programs = map[string]string{"iceberg": "inlay-iceberg"}

// publisher is who shows the table of a target besides its path; nil for nobody. Secrets come
// from the configuration, which is the only place that has them.
func (p *Project) publisher(address string) table.Publisher {
	a, err := addr.Parse(address)
	if err != nil || a.Type == "parquet" {
		return nil // a table that no target has had yet, or an ordinary one
	}
	for _, k := range p.world.Kinds {
		if k.Name != a.Type {
			continue
		}
		w := TargetWorld{Dir: p.flags.Dir, Env: p.world.Env, Sleep: p.world.Sleep}
		if declared := p.config.Target(a); declared != nil {
			w.Secrets = declared.Secrets
		}
		return k.Publisher(w)
	}
	return unknownKind{a}
}

// unknownKind stands for a kind of target that this program does not know. What it commits to
// such a table readers elsewhere do not see; that is said, and the program that knows the kind shows it.
type unknownKind struct{ address addr.Address }

func (u unknownKind) Place(table.Manifest) string { return "" }
func (u unknownKind) Show(table.Showing) error    { return u.refusal() }
func (u unknownKind) Hide(table.Showing) error    { return u.refusal() }

func (u unknownKind) refusal() error {
	detail := fmt.Sprintf("The table of %s is shown to readers in a way that this program does not know.", u.address)
	if program, ok := programs[u.address.Type]; ok {
		detail += fmt.Sprintf(" Use the program %s, which has the same commands.", program)
	}
	return &Error{Kind: Refused, Address: u.address, Summary: "Unknown kind of target", Detail: detail}
}
