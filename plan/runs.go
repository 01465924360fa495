package plan

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// RunInput is everything a run is planned from: what was applied last, and no configuration.
type RunInput struct {
	State   *state.State
	Pauses  Pauses
	Seen    table.Seen
	Now     time.Time
	Version string
	// Options: Run, RunAll, Slot and AllowShrink are read.
	Options Options
	// Due imports what is due, besides what Options ask for.
	Due bool
	// Families names for each provider the stream through which another one is read
	// (conversation_parts: conversations), so that their imports share a read. May be nil.
	Families map[string]map[string]string
}

// MakeRuns plans imports alone, by the specs last applied. Its plan has no changes. Where a
// table was not yet rebuilt as was applied, it goes on as what it is, and a warning says so.
func MakeRuns(in RunInput) (*Plan, Problems) {
	if in.State == nil {
		in.State = &state.State{}
	}
	r := runner{in: in, seen: survey(in.Seen), book: newBook(), schedules: map[addr.Address]*schedule.Schedule{}}
	p := &Plan{
		Format: Format, Version: in.Version, Created: in.Now.UTC(), Options: in.Options,
		Lineage: in.State.Lineage, Serial: in.State.Serial, Files: map[string]string{},
		Changes: []Change{}, Imports: []Import{}, Waiting: []Waiting{}, State: cloneState(in.State),
	}
	k := newKnown()
	k.addState(remembered{state: in.State})
	slices.SortFunc(k.all, addr.Address.Compare)
	asked, problems := k.targets("run", in.Options.Run)
	if len(in.State.Targets) == 0 && len(in.Options.Run) == 0 {
		problems = append(problems, Problem{Summary: sumNoState, Detail: "run imports by what was applied last, and nothing was. Run `inlay apply` first."})
	}
	r.clock = clock{now: in.Now, options: in.Options, pauses: in.Pauses, asked: asked, apart: r.book.apart, runs: true, due: in.Due}
	var groups []string
	for _, a := range slices.SortedFunc(maps.Keys(in.State.Targets), addr.Address.Compare) {
		v := r.target(a, p)
		problems = append(problems, v.problems...)
		p.Warnings = append(p.Warnings, v.warnings...)
		if v.imp != nil {
			p.Imports = append(p.Imports, *v.imp)
			groups = append(groups, v.group)
		}
		if v.wait != nil {
			p.Waiting = append(p.Waiting, *v.wait)
		}
	}
	group(p, groups)
	return p, problems.sorted()
}

type runner struct {
	in        RunInput
	seen      warehouse
	book      book
	clock     clock
	schedules map[addr.Address]*schedule.Schedule // parsed once; nil for one that cannot be
}

// target decides for one target; the spec it is imported by goes into p's state.
func (r *runner) target(a addr.Address, p *Plan) verdict {
	e := r.in.State.Targets[a]
	if e.Deleting {
		return verdict{}
	}
	named := r.clock.asked[a]
	if !e.Enabled {
		v := verdict{wait: &Waiting{Address: a, Note: noteDisabled}}
		if named {
			v.problems = Problems{{a, sumDisabled, "It was applied with enabled = false, of itself, its source or its connection. Enable it and run `inlay apply` first.", ""}}
		}
		return v
	}
	t := r.seen.live(e.Table)
	if t == nil {
		return r.tableless(a, e, named)
	}
	v := verdict{}
	if len(t.Damage) > 0 {
		return r.damaged(a, t, named)
	}
	if r.book.apart(&t.Head.Spec, &e.Spec).Risk() > Settings.Risk() || t.Path != e.Path {
		e.Spec = t.Head.Spec
		v.warnings = append(v.warnings, Warning{Address: a, Summary: "Applied change not made yet",
			Detail: "The table was not rebuilt as was applied last, so it goes on as it is. Run `inlay apply` to finish."})
	}
	c := candidate{address: a, entry: e, table: t, family: r.in.Families[e.Spec.Provider][e.Spec.Stream()]}
	if e.Schedule != nil {
		c.schedule, c.off = r.schedule(*e.Schedule)
	}
	d := r.clock.decide(c)
	if d.imp == nil {
		return d
	}
	p.State.Targets[a] = e
	d.warnings = append(v.warnings, d.warnings...)
	return d
}

func (r *runner) schedule(a addr.Address) (*schedule.Schedule, bool) {
	s, ok := r.schedules[a]
	entry := r.in.State.Schedules[a]
	if !ok {
		var err error
		if s, err = schedule.FromSettings(entry.Settings); err != nil {
			s = nil // checked when it was applied; a state edited by hand has no slots
		}
		r.schedules[a] = s
	}
	off := entry.Settings.Has("enabled") && !entry.Settings.Bool("enabled")
	return s, off
}

func (r *runner) tableless(a addr.Address, e state.Target, named bool) verdict {
	what := fmt.Sprintf("Its table at %s is not in the warehouse. Run `inlay apply` to make it.", e.Path)
	if named || r.in.Options.RunAll {
		return verdict{problems: Problems{{a, sumMissingTable, what, ""}}}
	}
	return verdict{warnings: []Warning{{Address: a, Summary: sumMissingTable, Detail: what}}}
}

func (r *runner) damaged(a addr.Address, t *table.SeenTable, named bool) verdict {
	what := fmt.Sprintf("Its table at %s is damaged (%s). Run `inlay apply`, which shows and mends it.", t.Path, t.Damage[0])
	if named || r.in.Options.RunAll {
		return verdict{problems: Problems{{a, sumDamaged, what, ""}}}
	}
	return verdict{warnings: []Warning{{Address: a, Summary: sumDamaged, Detail: what}}}
}
