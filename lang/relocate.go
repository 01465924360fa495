package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/inlay-sync/inlay/addr"
)

var movedSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "from", Required: true}, {Name: "to", Required: true},
}}

var removedSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "from", Required: true}, {Name: "data"},
}}

// What becomes of the files of a removed block.
const (
	DataKeep   = "keep"
	DataDelete = "delete"
)

// endpoint is one side of a moved block: a block, or a whole module with all its blocks.
type endpoint struct {
	block  addr.Address
	module string // set when the whole module is meant
	at     hcl.Range
}

// relocate lists the moved and removed blocks of all scopes and checks them against what
// is declared.
func (l *load) relocate(cfg *Config, s *scope) {
	if !l.relocates() {
		return
	}
	declared := declaredIn(cfg)
	l.listMoved(cfg, s, declared)
	l.listRemoved(cfg, s, declared)
	l.checkMoved(cfg, declared)
	slices.SortStableFunc(cfg.Moved, func(a, b Moved) int { return a.From.Compare(b.From) })
	slices.SortStableFunc(cfg.Removed, func(a, b Removed) int { return a.From.Compare(b.From) })
}

func (l *load) relocates() bool {
	for _, f := range l.folders {
		if f != nil && len(f.moved)+len(f.removed) > 0 {
			return true
		}
	}
	return false
}

// declaredIn holds every instance, and every block that has for_each without its key.
func declaredIn(cfg *Config) map[addr.Address][]string {
	out := map[addr.Address][]string{}
	add := func(a addr.Address) {
		out[a] = nil
		if a.Keyed {
			whole := a
			whole.Key, whole.Keyed = "", false
			out[whole] = append(out[whole], a.Key)
		}
	}
	for i := range cfg.Connections {
		add(cfg.Connections[i].Address)
	}
	for i := range cfg.Sources {
		add(cfg.Sources[i].Address)
	}
	for i := range cfg.Targets {
		add(cfg.Targets[i].Address)
	}
	for i := range cfg.Schedules {
		add(cfg.Schedules[i].Address)
	}
	return out
}

// isInstance is false of a block that has for_each, named without a key: adding for_each
// to a block moves it to one of its instances.
func isInstance(declared map[addr.Address][]string, a addr.Address) bool {
	keys, ok := declared[a]
	return ok && len(keys) == 0
}

func (l *load) listMoved(cfg *Config, s *scope, declared map[addr.Address][]string) {
	for _, b := range s.folder.moved {
		content, _ := bodyOf(b, movedSchema, l.found)
		from, ok1 := s.endpoint(content.Attributes["from"], sumMoved)
		to, ok2 := s.endpoint(content.Attributes["to"], sumMoved)
		if ok1 && ok2 {
			cfg.Moved = append(cfg.Moved, l.expandMoved(from, to, b, declared)...)
		}
	}
	for _, name := range sortedKeys(s.modules) {
		for _, i := range s.modules[name].instances {
			l.listMoved(cfg, i.scope, declared)
		}
	}
}

// endpoint reads a reference to a block or module that need not be declared.
func (s *scope) endpoint(a *hcl.Attribute, summary string) (endpoint, bool) {
	if a == nil {
		return endpoint{}, false // reported as missing
	}
	at := a.Expr.Range()
	t, diags := hcl.AbsTraversalForExpr(a.Expr)
	if diags.HasErrors() {
		s.found.error(summary, at, "%s names a block, such as target.parquet.users or target.parquet.all[\"tags\"], without quotes and without anything to work out.", a.Name)
		return endpoint{}, false
	}
	text := traversalText(t)
	if len(t) >= 2 && isModulePath(t) {
		return endpoint{module: joinPath(s.path, text), at: at}, true
	}
	block, err := addr.Parse(text)
	if err != nil {
		s.found.error(summary, at, "%v.", err)
		return endpoint{}, false
	}
	block.Module = joinPath(s.path, block.Module)
	return endpoint{block: block, at: at}, true
}

// isModulePath is true of module.a, module.a["k"].module.b and so on, without a block after.
func isModulePath(t hcl.Traversal) bool {
	for i := 0; i < len(t); {
		name, _ := stepName(t, i)
		if i == 0 {
			name = t.RootName()
		}
		if name != "module" || i+1 >= len(t) {
			return false
		}
		i += 2
		if i < len(t) {
			if _, key := t[i].(hcl.TraverseIndex); key {
				i++
			}
		}
	}
	return true
}

func joinPath(outer, inner string) string {
	if outer == "" || inner == "" {
		return outer + inner
	}
	return outer + "." + inner
}

// expandMoved turns a moved block into moves of single instances.
func (l *load) expandMoved(from, to endpoint, b *hcl.Block, declared map[addr.Address][]string) []Moved {
	if from.module != "" || to.module != "" {
		return l.expandModule(from, to, b, declared)
	}
	if from.block.Kind != to.block.Kind || from.block.Type != to.block.Type {
		l.found.error(sumMoved, to.at, "A block keeps its kind and type when it moves, and %s and %s differ.", from.block, to.block)
		return nil
	}
	keys := declared[to.block]
	if to.block.Keyed || from.block.Keyed || len(keys) == 0 {
		return []Moved{{From: from.block, To: to.block, Range: rangeOf(b.DefRange)}}
	}
	var out []Moved
	for _, k := range keys {
		f, t := from.block, to.block
		f.Key, f.Keyed, t.Key, t.Keyed = k, true, k, true
		out = append(out, Moved{From: f, To: t, Range: rangeOf(b.DefRange)})
	}
	return out
}

func (l *load) expandModule(from, to endpoint, b *hcl.Block, declared map[addr.Address][]string) []Moved {
	if from.module == "" || to.module == "" {
		l.found.error(sumMoved, to.at, "A module moves to a module and a block to a block.")
		return nil
	}
	var out []Moved
	for a, keys := range declared {
		rest, inside := strings.CutPrefix(a.Module, to.module)
		if len(keys) > 0 || !inside || rest != "" && rest[0] != '.' {
			continue
		}
		old := a
		old.Module = from.module + rest
		out = append(out, Moved{From: old, To: a, Range: rangeOf(b.DefRange)})
	}
	if len(out) == 0 {
		l.found.error(sumMoved, to.at, "Nothing is declared in %s.", to.module)
	}
	slices.SortFunc(out, func(a, b Moved) int { return a.From.Compare(b.From) })
	return out
}

// checkMoved refuses moves that contradict what is declared or each other.
func (l *load) checkMoved(cfg *Config, declared map[addr.Address][]string) {
	next, came := map[addr.Address]Moved{}, map[addr.Address]Moved{}
	for _, m := range cfg.Moved {
		if problem := contradiction(m, next, came, declared); problem != "" {
			l.found.error(sumMoved, *m.Range.Subject(), "%s", problem)
		}
		next[m.From], came[m.To] = m, m
	}
	for _, m := range cfg.Moved {
		if end, cyclic := follow(m, next); cyclic {
			l.found.error(sumMoved, *m.Range.Subject(), "These moves lead from %s back to it.", m.From)
		} else if !isInstance(declared, end) {
			l.found.error(sumMoved, *m.Range.Subject(), "Nothing is declared as %s, so %s cannot have moved there.%s", end, m.From, hintAddress(end, declared))
		}
	}
}

func contradiction(m Moved, next, came map[addr.Address]Moved, declared map[addr.Address][]string) string {
	if m.From == m.To {
		return fmt.Sprintf("%s cannot move to itself.", m.From)
	}
	if isInstance(declared, m.From) {
		return fmt.Sprintf("%s is still declared, so it has not moved. Rename the block, or take the moved block out.", m.From)
	}
	if other, twice := next[m.From]; twice && other.To != m.To {
		return fmt.Sprintf("%s is said to have moved to %s already, at %s.", m.From, other.To, lineOf(other.Range))
	}
	if other, twice := came[m.To]; twice && other.From != m.From {
		return fmt.Sprintf("%s is said to have been %s already, at %s.", m.To, other.From, lineOf(other.Range))
	}
	return ""
}

// follow goes along the moves to where a block stands now.
func follow(m Moved, next map[addr.Address]Moved) (end addr.Address, cyclic bool) {
	for range len(next) + 1 {
		then, more := next[m.To]
		if !more {
			return m.To, false
		}
		m = then
	}
	return m.To, true
}

func hintAddress(a addr.Address, declared map[addr.Address][]string) string {
	var known []string
	for d := range declared {
		if d.Kind == a.Kind {
			known = append(known, d.String())
		}
	}
	slices.Sort(known)
	if near := addr.Nearest(a.String(), known); near != "" {
		return " Did you mean " + near + "?"
	}
	return ""
}

func (l *load) listRemoved(cfg *Config, s *scope, declared map[addr.Address][]string) {
	for _, b := range s.folder.removed {
		if r, ok := s.removed(b, declared); ok {
			cfg.Removed = append(cfg.Removed, r)
		}
	}
	for _, name := range sortedKeys(s.modules) {
		for _, i := range s.modules[name].instances {
			l.listRemoved(cfg, i.scope, declared)
		}
	}
}

func (s *scope) removed(b *hcl.Block, declared map[addr.Address][]string) (Removed, bool) {
	content, _ := bodyOf(b, removedSchema, s.found)
	from, ok := s.endpoint(content.Attributes["from"], sumRemoved)
	if !ok {
		return Removed{}, false
	}
	if from.module != "" {
		s.found.error(sumRemoved, from.at, "removed names one block, such as module.eu.target.parquet.users.")
		return Removed{}, false
	}
	if _, still := declared[from.block]; still {
		s.found.error(sumRemoved, from.at, "%s is still declared. Take its block out, or this one.", from.block)
		return Removed{}, false
	}
	r := Removed{From: from.block, Data: DataKeep, Range: rangeOf(b.DefRange), Ranges: map[string]Range{}}
	for name, a := range content.Attributes {
		r.Ranges[name] = rangeOf(a.Range)
	}
	if a := content.Attributes["data"]; a != nil {
		r.Data = constString(a, s.found)
		if r.Data != DataKeep && r.Data != DataDelete {
			s.found.error(sumEnum, a.Expr.Range(), "data cannot be %q.%s", r.Data, hintOneOf(r.Data, []string{DataKeep, DataDelete}))
			return r, false
		}
	}
	return r, true
}
