package plan

import (
	"fmt"
	"maps"
	"path"
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
}

func (m *maker) want(t *lang.Target) want {
	w := want{target: t, enabled: t.Enabled, source: m.wanted.sources[t.Source]}
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
	return w
}

func (m *maker) declaredTarget(t *lang.Target) decision {
	w := m.want(t)
	d := decision{address: t.Address, was: m.old.was[t.Address]}
	prior, known := m.old.state.Targets[t.Address]
	if known && prior.Deleting && m.seen.live(prior.Table) == nil {
		known, prior = false, state.Target{} // its deletion is done but for the entry
	}
	entry := m.entry(w, prior, known)
	c := Change{Address: t.Address, Was: d.was, Added: !known, Line: line(t.Range), Effect: Noop}
	if !w.enabled {
		m.freeze(t, &entry, prior, known)
		c.Reasons = m.recorded(w, prior, known, entry)
		c.Effect = worst(c.Reasons)
		d.wait = &Waiting{Address: t.Address, Note: noteDisabled}
		d.table = m.seen.live(entry.Table)
		m.conclude(&d, c, entry)
		m.refuseDisabled(&d)
		return d
	}
	m.place(&d, &c, w, prior, known, &entry)
	if d.table != nil && unreadable(d.table) {
		return unreadableTable(d, prior)
	}
	m.compare(&d, &c, w, prior, known, &entry)
	m.guard(&d, c, prior)
	m.timing(&d, c, w, entry)
	m.warn(&d, w, prior, known, entry)
	m.conclude(&d, c, entry)
	return d
}

// unreadableTable stops the plan: without its manifest nobody knows what a table holds.
func unreadableTable(d decision, prior state.Target) decision {
	d.target = &prior
	d.problems = append(d.problems, Problem{d.address, sumDamaged, fmt.Sprintf(
		"Of its table %s at %s, %s. Nothing can be said or done about it until its log is restored; -exclude %s plans the others.",
		d.table.ID, prior.Path, strings.Join(d.table.Damage, ", "), d.address), ""})
	return d
}

// entry is what the state will say, but for spec, table and path.
func (m *maker) entry(w want, prior state.Target, known bool) state.Target {
	t := w.target
	e := state.Target{
		Source: t.Source, Schedule: t.Schedule, Enabled: w.enabled, PreventDestroy: t.PreventDestroy,
		OnRemove: t.Settings.String("on_remove"), Table: prior.Table,
	}
	if w.source != nil {
		e.Connection = w.source.Connection
	}
	if t.Schedule != nil {
		e.ScheduledAt = prior.ScheduledAt
		if !known || !prior.Enabled || !sameReference(prior.Schedule, t.Schedule) || e.ScheduledAt.IsZero() || m.rescheduled(*t.Schedule) {
			e.ScheduledAt = m.in.Now.UTC()
		}
	}
	return e
}

// rescheduled reports whether slots count anew because the schedule itself changes.
func (m *maker) rescheduled(a addr.Address) bool {
	old, found := m.old.state.Schedules[a]
	now := m.wanted.schedules[a]
	return !found || now == nil || !same(old.Settings, storable(&now.Block))
}

func sameReference(a, b *addr.Address) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// freeze keeps what a disabled target was: nothing is done to its table until it is
// enabled again.
func (m *maker) freeze(t *lang.Target, e *state.Target, prior state.Target, known bool) {
	if known {
		e.Spec, e.Table, e.Path = prior.Spec, prior.Table, prior.Path
		return
	}
	e.Spec, _ = m.resolver.resolve(t, nil)
	e.Path = e.Spec.Path()
}

// place finds the target's table, or what stands in the way of one.
func (m *maker) place(d *decision, c *Change, w want, prior state.Target, known bool, e *state.Target) {
	if known && prior.Table != "" {
		if d.table = m.seen.live(prior.Table); d.table != nil {
			return
		}
		c.Effect = Create
		c.Repair = []string{"the table is gone from the warehouse and is made again"}
		e.Table = ""
	}
	at := w.target.Settings.String("database") + "/" + w.target.Settings.String("table")
	t := m.seen.byPath[at]
	if t == nil {
		c.Effect = Create
		m.free(d, w, at)
		return
	}
	if owner, taken := m.owners[t.ID]; taken && owner != d.address {
		d.problems = append(d.problems, Problem{d.address, sumPathTaken, fmt.Sprintf(
			"The table of %s stands at %s. Give one of them another name, or let %s leave in an apply of its own first.", owner, at, owner),
			lineOf(&w.target.Block, "table")})
		return
	}
	if lineage := m.lineage(); lineage != "" && t.Head.Lineage != "" && t.Head.Lineage != lineage {
		d.problems = append(d.problems, Problem{d.address, sumOtherOwner, fmt.Sprintf(
			"The table at %s belongs to %s of another state (lineage %s; this one is %s). Choose another path, or detach the table there first.",
			at, t.Head.Address, t.Head.Lineage, lineage), lineOf(&w.target.Block, "table")})
		return
	}
	d.table = t
	e.Table = t.ID
	c.Effect = Adopt
	c.Reasons = append(c.Reasons, Reason{Attribute: "owner", Before: ownerOf(t.Head.Lineage, t.Head.Address), After: d.address.String(), Effect: Adopt, Line: c.Line})
}

func ownerOf(lineage, address string) any {
	if lineage == "" || address == "" {
		return nil
	}
	return address
}

func (m *maker) lineage() string {
	if m.in.State == nil {
		return ""
	}
	return m.in.State.Lineage
}

// free checks that a table may be made at a path.
func (m *maker) free(d *decision, w want, at string) {
	if at, what, ok := m.seen.inTheWay(at); ok {
		d.problems = append(d.problems, Problem{d.address, sumForeign, fmt.Sprintf(
			"At %s in the warehouse stands %s that inlay did not make. Move it away, or give the table another name.", at, what),
			lineOf(&w.target.Block, "table")})
	}
	if w.target.Settings.Has("auto_create") && !w.target.Settings.Bool("auto_create") {
		d.problems = append(d.problems, Problem{d.address, sumMissingTable, fmt.Sprintf(
			"There is no table at %s, and auto_create is false. Run `inlay table create %s` to make it, or set auto_create = true.", at, d.address),
			lineOf(&w.target.Block, "auto_create")})
	}
}

// compare resolves the spec and lists what differs from the table and the state.
func (m *maker) compare(d *decision, c *Change, w want, prior state.Target, known bool, e *state.Target) {
	was := built(d.table)
	if was == nil && known {
		was = &prior.Spec // a lost table is made again as it was, its since included
	}
	var ignored []string
	e.Spec, ignored = m.resolver.resolve(w.target, was)
	m.keepPath(d, w, known, e)
	e.Path = e.Spec.Path()
	m.schemaChange(d, w, ignored, e)
	if d.table == nil {
		if w.target.Settings.Bool("time_column_auto") {
			n := naming{block: &w.target.Block}
			c.Reasons = append(c.Reasons, n.reason("time_column", "auto", e.Spec.TimeColumn(), Create))
		}
		c.Reasons = append(c.Reasons, m.recorded(w, prior, known, *e)...)
		return
	}
	s := sides{built: built(d.table), wanted: &e.Spec, applied: built(d.table)}
	if known {
		s.applied = &prior.Spec
	}
	at := blocks{target: w.target, source: w.source, connection: w.connection, inlay: &m.in.Config.Inlay, told: m.told}
	reasons := m.book.reasons(s, at)
	if never(d.table) {
		reasons = withoutBackfill(reasons, s)
	}
	c.Reasons = append(c.Reasons, reasons...)
	c.Reasons = append(c.Reasons, m.moves(d, w, e)...)
	c.Reasons = append(c.Reasons, m.recorded(w, prior, known, *e)...)
	m.repairs(d, c)
	m.reread(d, c)
	if e := worst(c.Reasons); e.Risk() > c.Effect.Risk() {
		c.Effect = e
	}
	if !d.was.IsZero() && c.Effect == Noop {
		c.Effect = Move
	}
}

// keepPath: a moved block keeps the path of its table, unless the new block says another.
func (m *maker) keepPath(d *decision, w want, known bool, e *state.Target) {
	if _, written := w.target.Ranges["table"]; written || !known || d.table == nil || !m.arrived[d.address] {
		return
	}
	e.Spec.Target = maps.Clone(e.Spec.Target)
	e.Spec.Target["table"] = path.Base(d.table.Path)
}

func (m *maker) schemaChange(d *decision, w want, ignored []string, e *state.Target) {
	if len(ignored) > 0 {
		d.warnings = append(d.warnings, Warning{d.address, "Declared columns ignored", fmt.Sprintf(
			"on_schema_change = \"ignore\" keeps the table as it is; %s differ from what is declared.", strings.Join(ignored, ", ")),
			lineOf(&w.target.Block, "on_schema_change")})
	}
	if d.table == nil || w.target.Settings.String("on_schema_change") != "fail" || d.table.Head.Spec.Stream() != e.Spec.Stream() {
		return
	}
	var names []string
	for _, c := range columnChanges(d.table.Head.Spec.Shape, e.Spec.Shape) {
		if c.kind == columnAdded || c.kind == columnWidened || c.kind == columnRetyped {
			names = append(names, c.name)
		}
	}
	if len(names) > 0 {
		d.problems = append(d.problems, Problem{d.address, sumSchemaChange, fmt.Sprintf(
			"on_schema_change is \"fail\", and the table lacks or has otherwise: %s. Set it to \"add\" to change the table, or to \"ignore\" to leave it.", strings.Join(names, ", ")),
			lineOf(&w.target.Block, "on_schema_change")})
	}
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
			r.Effect = Settings
		}
		out = append(out, r)
	}
	return out
}

// moves lists what differs in the path.
func (m *maker) moves(d *decision, w want, e *state.Target) []Reason {
	if d.table.Path == e.Path {
		return nil
	}
	if at, what, ok := m.seen.inTheWay(e.Path); ok {
		d.problems = append(d.problems, Problem{d.address, sumForeign, fmt.Sprintf(
			"The table is to move to %s, and at %s stands %s that inlay did not make. Move it away, or choose another name.", e.Path, at, what),
			lineOf(&w.target.Block, "table")})
	}
	if t := m.seen.byPath[e.Path]; t != nil {
		d.problems = append(d.problems, Problem{d.address, sumPathTaken, fmt.Sprintf(
			"The table is to move to %s, where the table %s stands. Let that one leave in an apply of its own first, or choose another name.", e.Path, t.ID),
			lineOf(&w.target.Block, "table")})
	}
	n := naming{block: &w.target.Block}
	oldDB, oldTable := path.Split(d.table.Path)
	var out []Reason
	if db := e.Spec.Target.String("database"); strings.TrimSuffix(oldDB, "/") != db {
		out = append(out, n.reason("database", strings.TrimSuffix(oldDB, "/"), db, Move))
	}
	if table := e.Spec.Target.String("table"); oldTable != table {
		out = append(out, n.reason("table", oldTable, table, Move))
	}
	return out
}

// recorded lists what differs in what stands beside the spec: it touches no data.
func (m *maker) recorded(w want, prior state.Target, known bool, e state.Target) []Reason {
	if !known {
		return nil
	}
	n := naming{block: &w.target.Block}
	var out []Reason
	add := func(attribute string, before, after any) {
		if !same(before, after) {
			out = append(out, n.reason(attribute, before, after, Settings))
		}
	}
	add("source", prior.Source.String(), e.Source.String())
	add("schedule", reference(prior.Schedule), reference(e.Schedule))
	if prior.Enabled != e.Enabled {
		out = append(out, enabledReason(w, e.Enabled))
	}
	protected := prior.PreventDestroy
	if t := m.seen.live(e.Table); t != nil && t.Head.PreventDestroy != e.PreventDestroy {
		protected = t.Head.PreventDestroy
	}
	add("prevent_destroy", protected, e.PreventDestroy)
	if prior.Deleting {
		out = append(out, Reason{Attribute: "deletion", Before: "begun", After: nil, Effect: Settings, Line: line(w.target.Range)})
	}
	return out
}

// enabledReason blames the block that turned the target off, or the target itself.
func enabledReason(w want, enabled bool) Reason {
	n := naming{block: &w.target.Block}
	switch {
	case enabled || !w.target.Enabled:
	case w.source != nil && !w.source.Enabled:
		n = naming{prefix: w.source.Address.String() + ".", block: &w.source.Block}
	case w.connection != nil && !w.connection.Enabled:
		n = naming{prefix: w.connection.Address.String() + ".", block: &w.connection.Block}
	}
	return n.reason("enabled", !enabled, enabled, Settings)
}

func reference(a *addr.Address) any {
	if a == nil {
		return nil
	}
	return a.String()
}

// repairs says what is mended before anything else.
func (m *maker) repairs(d *decision, c *Change) {
	if d.table.Pending {
		c.Repair = append(c.Repair, "a commit was not published; it is published now")
	}
	for _, damage := range d.table.Damage {
		c.Repair = append(c.Repair, damage)
	}
	if len(d.table.Damage) > 0 {
		c.Reasons = append(c.Reasons, Reason{Attribute: "table", Before: "damaged", After: "read again", Effect: Reimport})
	}
}

// reread adds what was asked for by name.
func (m *maker) reread(d *decision, c *Change) {
	if m.forced[d.address] {
		c.Reasons = append(c.Reasons, Reason{Attribute: "-reimport", Before: nil, After: d.address.String(), Effect: Reimport})
	}
}

// guard refuses what prevent_destroy protects from.
func (m *maker) guard(d *decision, c Change, prior state.Target) {
	if c.Effect != Reimport || d.table == nil || never(d.table) {
		return
	}
	if !prior.PreventDestroy && !d.table.Head.PreventDestroy {
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
func (m *maker) conclude(d *decision, c Change, e state.Target) {
	d.target = &e
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
	d.change = &c
}
