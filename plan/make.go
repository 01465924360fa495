package plan

import (
	"slices"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// Input is everything a plan is made from. Make keeps references to it; it must not
// change afterwards.
type Input struct {
	Config  *lang.Config // without errors
	State   *state.State // nil: there is none
	Pauses  Pauses
	Seen    table.Seen
	Now     time.Time
	Version string // of inlay
	Options Options
}

// decision is what becomes of one address.
type decision struct {
	address  addr.Address
	was      addr.Address // where its entry stood before, when it moved
	change   *Change
	imp      *Import
	group    string // imports with one group may share a read
	wait     *Waiting
	problems Problems
	warnings []Warning

	// The state's entry from now on; nil when there is none.
	connection *state.Connection
	source     *state.Source
	target     *state.Target
	schedule   *state.Schedule

	table *table.SeenTable // a target's, if there is one
}

func (d *decision) busy() bool { return d.change != nil || d.imp != nil }

// maker holds what all decisions of one plan look at.
type maker struct {
	in       Input
	old      remembered
	wanted   wanted
	seen     warehouse
	book     book
	resolver resolver
	clock    clock
	owners   map[string]addr.Address // by table id, of the remembered state
	told     map[addr.Address]bool   // blocks whose own changes are shown
	arrived  map[addr.Address]bool   // where moved blocks lead
	forced   map[addr.Address]bool   // to be read again because -reimport says so
	out      []*decision
}

// Make decides what is to be done. When there are problems, the plan is what it would be
// without the addresses they are about, and must not be applied.
func Make(in Input) (*Plan, Problems) {
	m := &maker{in: in, wanted: index(in.Config), seen: survey(in.Seen), book: newBook(), told: map[addr.Address]bool{}, arrived: map[addr.Address]bool{}}
	m.resolver = resolver{wanted: m.wanted, now: in.Now, hashKeyID: m.hashKeyID()}
	moved := in.Config.Moved
	if in.Options.Destroy {
		moved = nil
	}
	for _, v := range moved {
		m.arrived[v.To] = true
	}
	old, warnings := remember(in.State, moved, m.wanted.declares)
	m.old = old
	m.owners = make(map[string]addr.Address, len(old.state.Targets))
	for a, t := range old.state.Targets {
		if t.Table != "" {
			m.owners[t.Table] = a
		}
	}
	problems := m.prepare()
	c := in.Config
	m.out = make([]*decision, 0, len(c.Connections)+len(c.Sources)+len(c.Targets)+len(c.Schedules))
	if !in.Options.Destroy {
		m.connections()
		m.sources()
		m.schedules()
		m.targets()
	}
	m.gone()
	m.contested()
	slices.SortFunc(m.out, func(a, b *decision) int { return a.address.Compare(b.address) })
	p, more := m.assemble()
	p.Warnings = append(warnings, p.Warnings...)
	return p, append(problems, more...).sorted()
}

// prepare reads the options that name addresses.
func (m *maker) prepare() Problems {
	known := m.known()
	asked, problems := known.targets("-run", m.in.Options.Run)
	forced, more := known.targets("-reimport", m.in.Options.Reimport)
	m.forced = forced
	m.clock = clock{now: m.in.Now, options: m.in.Options, pauses: m.in.Pauses, asked: asked, apart: m.book.apart}
	return append(problems, more...)
}

// hashKeyID is computed only when some target hashes, because it is slow.
func (m *maker) hashKeyID() string {
	for _, t := range m.in.Config.Targets {
		for _, f := range t.Shape.Fields {
			if f.Hash {
				return HashKeyID(m.in.Config.Inlay.HashKey)
			}
		}
	}
	return ""
}

// built is what a table was built as, or nil.
func built(t *table.SeenTable) *spec.Spec {
	if t == nil {
		return nil
	}
	return &t.Head.Spec
}
