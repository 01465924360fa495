package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/state"
)

// targets decides for every declared target.
func (m *maker) targets() {
	for i := range m.in.Config.Targets {
		m.out = append(m.out, m.declaredTarget(&m.in.Config.Targets[i]))
	}
}

// want is a declared target with what it refers to.
type want struct {
	target     *lang.Target
	source     *lang.Source     // nil only when the configuration has errors
	connection *lang.Connection // likewise
	schedule   *lang.Schedule   // nil: once
	enabled    bool             // with its source and connection
	prior      state.Target     // what was applied last
	known      bool             // whether anything was
}

func (m *maker) want(t *lang.Target) *want {
	w := &want{target: t, enabled: t.Enabled, source: m.wanted.sources[t.Source]}
	if w.source != nil {
		w.connection = m.wanted.connections[w.source.Connection]
		w.enabled = w.enabled && w.source.Enabled
	}
	if w.connection != nil {
		w.enabled = w.enabled && w.connection.Enabled
	}
	if t.Schedule != nil {
		w.schedule = m.wanted.schedules[*t.Schedule]
	}
	w.prior, w.known = m.old.state.Targets[t.Address]
	if w.known && w.prior.Deleting && m.seen.live(w.prior.Table) == nil {
		w.prior, w.known = state.Target{}, false // its deletion is done but for the entry
	}
	return w
}

func (m *maker) declaredTarget(t *lang.Target) *decision {
	w := m.want(t)
	entry := m.entry(w)
	d := &decision{address: t.Address, was: m.old.was[t.Address]}
	c := Change{Address: t.Address, Was: d.was, Added: !w.known, Line: line(t.Range), Effect: Noop}
	if !w.enabled {
		return m.disabledTarget(d, c, w, entry)
	}
	m.place(d, &c, w, &entry)
	if d.table != nil && unreadable(d.table) {
		return unreadableTable(d, w.prior)
	}
	ignored := m.resolve(d, w, &entry)
	c.Reasons = append(c.Reasons, m.reasons(d, w, &entry)...)
	if d.table != nil {
		m.repairs(d, &c)
	}
	c.Effect = riskier(c.Effect, worst(c.Reasons))
	m.guard(d, c, w)
	m.timing(d, c, w, entry)
	m.conclude(d, c, &entry)
	m.warn(d, w, entry, ignored)
	return d
}

// disabledTarget keeps what the target was: nothing is done to its table until it is
// enabled again. One that is new is recorded and not made.
func (m *maker) disabledTarget(d *decision, c Change, w *want, e state.Target) *decision {
	if w.known {
		e.Spec, e.Table, e.Path = w.prior.Spec, w.prior.Table, w.prior.Path
	} else {
		e.Spec, _ = m.resolver.resolve(w.target, nil)
		e.Path = w.target.Path()
	}
	c.Reasons = m.recorded(w, e)
	c.Effect = worst(c.Reasons)
	d.wait = &Waiting{Address: d.address, Note: noteDisabled}
	d.table = m.seen.live(e.Table)
	m.conclude(d, c, &e)
	m.refuseDisabled(d)
	return d
}

// unreadableTable stops the plan: without its manifest nobody knows what a table holds.
func unreadableTable(d *decision, prior state.Target) *decision {
	d.target = &prior
	d.problems = append(d.problems, Problem{d.address, sumDamaged, fmt.Sprintf(
		"Of its table %s at %s, %s. Nothing can be said or done about it until its log is restored; -exclude %s plans the others.",
		d.table.ID, prior.Path, strings.Join(d.table.Damage, ", "), d.address), ""})
	return d
}

// entry is what the state will say, but for spec, table and path.
func (m *maker) entry(w *want) state.Target {
	t := w.target
	e := state.Target{
		Source: t.Source, Schedule: t.Schedule, Enabled: w.enabled, PreventDestroy: t.PreventDestroy,
		OnRemove: t.Settings.String("on_remove"), Table: w.prior.Table,
	}
	if w.source != nil {
		e.Connection = w.source.Connection
	}
	if t.Schedule != nil {
		e.ScheduledAt = w.prior.ScheduledAt
		if !w.known || !w.prior.Enabled || !sameReference(w.prior.Schedule, t.Schedule) || m.rescheduled(*t.Schedule) {
			e.ScheduledAt = m.in.Now.UTC()
		}
	}
	return e
}

// rescheduled reports whether slots count anew because the schedule itself changes.
func (m *maker) rescheduled(a addr.Address) bool {
	old, found := m.old.state.Schedules[a]
	now := m.wanted.schedules[a]
	return !found || now == nil || !sameMap(old.Settings, storable(&now.Block))
}

func sameReference(a, b *addr.Address) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// resolve fills in the spec and the path that the target wants, and returns the declared
// columns that the table goes on without.
func (m *maker) resolve(d *decision, w *want, e *state.Target) []string {
	was := built(d.table)
	if was == nil && w.known {
		was = &w.prior.Spec // a lost table is made again as it was, its since included
	}
	var ignored []string
	e.Spec, ignored = m.resolver.resolve(w.target, was)
	e.Path = m.path(d, w)
	m.schemaChange(d, w, e)
	return ignored
}

// reasons lists what differs from the table and from the state.
func (m *maker) reasons(d *decision, w *want, e *state.Target) []Reason {
	var out []Reason
	if d.table == nil {
		if w.target.Settings.Bool("time_column_auto") {
			n := naming{block: &w.target.Block}
			out = append(out, n.reason("time_column", "auto", e.Spec.TimeColumn(), Create))
		}
		return append(out, m.recorded(w, *e)...)
	}
	s := sides{built: built(d.table), wanted: &e.Spec, applied: built(d.table)}
	if w.known {
		s.applied = &w.prior.Spec
	}
	at := blocks{target: w.target, source: w.source, connection: w.connection, inlay: &m.in.Config.Inlay, told: m.told}
	out = m.book.reasons(s, at)
	if never(d.table) {
		out = withoutBackfill(out, s)
	}
	if m.forced[d.address] {
		out = append(out, Reason{Attribute: "-reimport", After: d.address.String(), Effect: Reimport, Because: "it was asked for"})
	}
	out = confirm(out, d.table, e.Spec)
	out = append(out, m.moves(d, w, e)...)
	return append(out, m.recorded(w, *e)...)
}

// withoutBackfill: a table that holds no rows yet has nothing to be filled in behind. What
// is left of the reason is the record of it.
func withoutBackfill(reasons []Reason, s sides) []Reason {
	var out []Reason
	for _, r := range reasons {
		if r.Effect == Backfill {
			if same(s.applied.Source["since"], s.wanted.Source["since"]) {
				continue
			}
			r.Effect, r.Because = Settings, ""
		}
		out = append(out, r)
	}
	return out
}

// guard refuses what prevent_destroy protects from.
func (m *maker) guard(d *decision, c Change, w *want) {
	if c.Effect != Reimport || d.table == nil || never(d.table) {
		return
	}
	if !w.prior.PreventDestroy && !d.table.Head.PreventDestroy {
		return
	}
	var because []string
	for _, r := range c.Reasons {
		if r.Effect == Reimport {
			because = append(because, r.Attribute)
		}
	}
	d.problems = append(d.problems, Problem{d.address, sumProtected, fmt.Sprintf(
		"Its %d rows would be read again and replaced (%s), which prevent_destroy forbids. Apply prevent_destroy = false first if that is meant, or take the change back.",
		d.table.Head.Rows, strings.Join(because, ", ")), c.Line})
}

// conclude keeps the change if there is one, with the rows at stake.
func (m *maker) conclude(d *decision, c Change, e *state.Target) {
	d.target = e
	c.Path = e.Path
	if d.table != nil {
		c.Table, c.Rows, c.Bytes = d.table.ID, d.table.Head.Rows, d.table.Head.Bytes
	}
	if c.Added && c.Effect == Noop {
		c.Effect = Settings
	}
	if c.Effect == Noop && len(c.Repair) == 0 && d.was.IsZero() {
		return
	}
	if c.Effect == Noop && !d.was.IsZero() {
		c.Effect = Move
	}
	slices.SortStableFunc(c.Reasons, func(a, b Reason) int { return b.Effect.Risk() - a.Effect.Risk() })
	held := c
	d.change = &held
}
