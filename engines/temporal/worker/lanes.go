package worker

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/project"

	"github.com/inlay-sync/inlay/engines/temporal/trigger"
)

// Knock names targets to a lane: something of them may be due.
type Knock struct {
	Lineage string   `json:"lineage"`
	Targets []string `json:"targets"` // addresses
}

// lanes are the lanes of a schedule's targets, by the id of the workflow. A workspace that a
// connection was seen to lead to is one lane for all projects of a task queue; a connection
// through which nothing came yet is a lane of its own. Another queue has other workers, so
// its lanes are others too: none waits for workers that never come.
func lanes(p *project.Project, o trigger.Order, queue string) (map[string]Knock, error) {
	st, err := p.State()
	if err != nil || st == nil {
		return nil, err
	}
	reached, err := p.Reached()
	if err != nil {
		return nil, err
	}
	out := map[string]Knock{}
	for a, t := range st.Targets {
		if t.Schedule == nil || t.Schedule.String() != o.Schedule || !t.Enabled || t.Deleting {
			continue
		}
		identity := []string{o.Lineage, t.Connection.String()}
		if w, ok := reached[t.Connection]; ok {
			identity = []string{w.Provider, w.ID}
		}
		id := laneID(append(identity, queue))
		k := out[id]
		out[id] = Knock{Lineage: o.Lineage, Targets: append(k.Targets, a.String())}
	}
	for _, k := range out {
		slices.Sort(k.Targets)
	}
	return out, nil
}

// laneID names a lane by what makes it one, which is no secret and still nobody's business.
func laneID(identity []string) string {
	sum := sha256.Sum256([]byte(strings.Join(identity, "\x00")))
	return "inlay/lane/" + hex.EncodeToString(sum[:8])
}
