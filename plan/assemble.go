package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/state"
)

// assemble makes the plan of the decisions that are selected; entries of the others stay
// in the state as they are.
func (m *maker) assemble() (*Plan, Problems) {
	selected, problems := m.known().selection(m.in.Options.Only, m.in.Options.Exclude)
	p := m.blank()
	var groups []string
	keep := m.leftReferences(selected)
	p.Waiting = make([]Waiting, 0, len(m.in.Config.Targets))
	for _, d := range m.out {
		if !selected(d.address) || d.change != nil && d.change.Removed && keep[d.address] {
			if d.busy() {
				p.Left = append(p.Left, d.address)
			}
			continue
		}
		problems = append(problems, d.problems...)
		p.Warnings = append(p.Warnings, d.warnings...)
		m.enter(p, d)
		if d.imp != nil {
			groups = append(groups, d.group)
		}
	}
	group(p, groups)
	m.outputs(p)
	m.unowned(p)
	m.lostWarehouse(p)
	slices.SortStableFunc(p.Changes, func(a, b Change) int {
		if c := a.Effect.Risk() - b.Effect.Risk(); c != 0 {
			return c
		}
		return a.Address.Compare(b.Address)
	})
	return p, problems
}

func (m *maker) blank() *Plan {
	c := m.in.Config
	p := &Plan{
		Format: Format, Version: m.in.Version, Created: m.in.Now.UTC(), Warehouse: c.Inlay.Warehouse, Options: m.in.Options,
		Lineage: m.lineage(), Serial: m.state().Serial,
		Files: map[string]string{}, Variables: variables(c),
		Changes: []Change{}, Imports: []Import{},
		State: cloneState(m.state()),
	}
	p.State.Format, p.State.Version = state.Format, m.in.Version
	for _, f := range c.Files {
		p.Files[f.Name] = f.SHA256
	}
	return p
}

// variables are the values a plan may hold.
func variables(c *lang.Config) map[string]any {
	out := map[string]any{}
	for _, v := range c.Variables {
		if v.Set && !v.Sensitive && v.Value != "" {
			out[v.Name] = v.Value
		}
	}
	return out
}

// leftReferences are the blocks that targets which are left out still need: they stay even
// where the configuration dropped them.
func (m *maker) leftReferences(selected func(addr.Address) bool) map[addr.Address]bool {
	out := map[addr.Address]bool{}
	if len(m.in.Options.Only)+len(m.in.Options.Exclude) == 0 {
		return out
	}
	for a, t := range m.old.state.Targets {
		if !selected(a) {
			out[t.Source], out[t.Connection] = true, true
			if t.Schedule != nil {
				out[*t.Schedule] = true
			}
		}
	}
	return out
}

// enter puts one decision into the plan.
func (m *maker) enter(p *Plan, d *decision) {
	if d.busy() {
		p.Preconditions = append(p.Preconditions, m.precondition(d))
	}
	if d.change != nil {
		p.Changes = append(p.Changes, *d.change)
	}
	if d.imp != nil {
		p.Imports = append(p.Imports, *d.imp)
	}
	if d.wait != nil {
		p.Waiting = append(p.Waiting, *d.wait)
	}
	switch d.address.Kind {
	case addr.Connection:
		replace(p.State.Connections, d, d.connection)
	case addr.Source:
		replace(p.State.Sources, d, d.source)
	case addr.Target:
		replace(p.State.Targets, d, d.target)
	case addr.Schedule:
		replace(p.State.Schedules, d, d.schedule)
	}
}

func replace[E any](entries map[addr.Address]E, d *decision, entry *E) {
	if !d.was.IsZero() {
		delete(entries, d.was)
	}
	if entry == nil {
		delete(entries, d.address)
		return
	}
	entries[d.address] = *entry
}

// group gives imports with one key one number, in order of address.
func group(p *Plan, keys []string) {
	numbers := map[string]int{}
	for i := range p.Imports {
		if numbers[keys[i]] == 0 {
			numbers[keys[i]] = len(numbers) + 1
		}
		p.Imports[i].Group = numbers[keys[i]]
	}
}

// outputs lists the outputs whose values change.
func (m *maker) outputs(p *Plan) {
	if m.in.Options.Destroy {
		p.State.Outputs = nil
		return
	}
	now := map[string]any{}
	for _, o := range m.in.Config.Outputs {
		if !o.Sensitive {
			now[o.Name] = o.Value
		}
	}
	for _, d := range differences(m.state().Outputs, now) {
		p.Outputs = append(p.Outputs, Reason{Attribute: "output." + d.path, Before: d.before, After: d.after, Effect: Settings})
	}
	p.State.Outputs = now
	if len(now) == 0 {
		p.State.Outputs = nil
	}
}

// unowned lists the tables of this state's lineage that no entry holds any more, and those
// that nobody owns.
func (m *maker) unowned(p *Plan) {
	held := map[string]bool{}
	for _, t := range p.State.Targets {
		if _, before := m.owners[t.Table]; !before {
			held[t.Table] = true
		}
	}
	for i := range m.in.Seen.Tables {
		t := &m.in.Seen.Tables[i]
		_, before := m.owners[t.ID]
		if before || held[t.ID] || t.Deleted || t.Head.Lineage != "" && t.Head.Lineage != m.lineage() {
			continue
		}
		p.Unowned = append(p.Unowned, Unowned{Table: t.ID, Path: t.Path, Address: t.Head.Address, Rows: t.Head.Rows, Bytes: t.Head.Bytes})
	}
	slices.SortFunc(p.Unowned, func(a, b Unowned) int { return strings.Compare(a.Path+a.Table, b.Path+b.Table) })
}

// lostWarehouse warns when not one table is where it was: then the warehouse rather than
// the tables is elsewhere.
func (m *maker) lostWarehouse(p *Plan) {
	had := 0
	for _, t := range m.old.state.Targets {
		if t.Table == "" || t.Deleting {
			continue
		}
		if m.seen.byID[t.Table] != nil {
			return
		}
		had++
	}
	if had > 0 && !m.in.Options.Destroy {
		p.Warnings = append(p.Warnings, Warning{Summary: "No table is where it was", Detail: fmt.Sprintf(
			"The state knows %d tables, and the warehouse %q holds none of them. If it was moved, move it back or set warehouse to where it is; otherwise apply makes the tables again and reads everything.",
			had, m.in.Config.Inlay.Warehouse), Line: lineOf(&m.in.Config.Inlay.Block, "warehouse")})
	}
}
