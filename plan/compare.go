package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
)

// book finds the rules of an attribute.
type book struct {
	rules map[addr.Kind]map[string][]Rule
	// Settings that were found to be the same, the last of each kind: most targets share theirs.
	built, applied map[addr.Kind]pair
}

type pair struct{ x, y setting.Values }

func newBook() book {
	b := book{map[addr.Kind]map[string][]Rule{}, map[addr.Kind]pair{}, map[addr.Kind]pair{}}
	for _, r := range Rules() {
		if b.rules[r.Block] == nil {
			b.rules[r.Block] = map[string][]Rule{}
		}
		b.rules[r.Block][r.Attribute] = append(b.rules[r.Block][r.Attribute], r)
	}
	return b
}

// differences lists what differs between two blocks' settings. Maps that were compared last
// are not compared again.
func (book) differences(last map[addr.Kind]pair, kind addr.Kind, x, y setting.Values) []difference {
	if p := last[kind]; p.x.Is(x) && p.y.Is(y) {
		return nil
	}
	out := differences(x, y)
	if len(out) == 0 {
		last[kind] = pair{x, y}
	}
	return out
}

// rule is the first one that applies to a change of the attribute at path. An attribute of
// a kind of block without any rule is taken for the worst.
func (b book) rule(block addr.Kind, path string, c change) Rule {
	for p := path; ; p = p[:max(strings.LastIndexByte(p, '.'), 0)] {
		if p == "" {
			p = "*"
		}
		for _, r := range b.rules[block][p] {
			if r.applies == nil || r.applies(c) {
				return r
			}
		}
		if p == "*" {
			return Rule{Block: block, Attribute: path, Effect: Reimport, Why: "nothing is known of this setting"}
		}
	}
}

// sides are the three specs of one target.
type sides struct {
	built   *spec.Spec // by its table's manifest: decides what touches data
	applied *spec.Spec // by the state: decides the rest
	wanted  *spec.Spec
}

// blocks are where a target's attributes stand; any may be nil.
type blocks struct {
	target     *lang.Target
	source     *lang.Source
	connection *lang.Connection
	inlay      *lang.Inlay
	// told are the addresses of blocks whose settings the plan already shows as changed.
	told map[addr.Address]bool
}

// reasons lists what differs, each with its effect: what touches data by what the table
// was built as, and the rest by what was applied last.
func (b book) reasons(s sides, at blocks) []Reason {
	var out []Reason
	if c := at.connection; c != nil {
		n := naming{of: c.Address, block: &c.Block, quiet: at.told[c.Address]}
		out = b.scope(out, addr.Connection, s, n, func(s *spec.Spec) setting.Values { return s.Connection })
	}
	if c := at.source; c != nil {
		n := naming{of: c.Address, block: &c.Block, quiet: at.told[c.Address]}
		out = b.scope(out, addr.Source, s, n, func(s *spec.Spec) setting.Values { return s.Source })
	}
	var n naming
	if at.target != nil {
		n.block = &at.target.Block
	}
	out = b.scope(out, addr.Target, s, n, func(s *spec.Spec) setting.Values { return s.Target })
	if s.built == nil {
		return out
	}
	if s.built.Stream() == s.wanted.Stream() {
		out = b.columns(out, s, n)
		out = b.key(out, s, n)
		out = b.timeColumn(out, s, n)
	}
	return b.hashKey(out, s, at)
}

// naming says how the attributes of one block are called in reasons, and where they stand.
type naming struct {
	of    addr.Address // the block's, when the reason is one of another block's
	block *lang.Block
	quiet bool // what touches no data is told elsewhere
}

// reason is a difference that touches no data, whatever its effect is called.
func (n naming) reason(path string, before, after any, e Effect) Reason {
	return n.ruled(path, before, after, Rule{Effect: e})
}

// ruled is a difference with the effect that a rule gives it, and why.
func (n naming) ruled(path string, before, after any, r Rule) Reason {
	attribute := path
	if !n.of.IsZero() {
		attribute = n.of.String() + "." + path
	}
	return Reason{Attribute: attribute, Before: before, After: after, Effect: r.Effect, Because: r.Why, Line: lineOf(n.block, path)}
}

// lineOf is where an attribute stands: it, the block it stands in, or the header.
func lineOf(b *lang.Block, path string) string {
	if b == nil {
		return ""
	}
	for p := path; p != ""; p = p[:max(strings.LastIndexByte(p, '.'), 0)] {
		if r, ok := b.Ranges[p]; ok {
			return line(r)
		}
	}
	if r, ok := b.Ranges["columns"]; ok && head(path) == "column" {
		return line(r)
	}
	return line(b.Range)
}

func line(r lang.Range) string {
	if r.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", r.File, r.Line)
}

// byMeaning tells the settings of a target that are compared by what they mean and not by how they are written.
func byMeaning(attribute string) bool {
	switch attribute {
	case "key", "columns", "column":
		return true
	}
	return false
}

func (b book) scope(out []Reason, kind addr.Kind, s sides, n naming, of func(*spec.Spec) setting.Values) []Reason {
	var told []string
	if s.built != nil {
		for _, d := range b.differences(b.built, kind, of(s.built), of(s.wanted)) {
			if kind == addr.Target && byMeaning(head(d.path)) {
				continue
			}
			about := change{before: s.built, after: s.wanted, from: d.before, to: d.after}
			r := b.rule(kind, d.path, about)
			if kind == addr.Target && d.path == "mode" && becomesUpsert(about) {
				r = r.because(about.keyLacks())
			}
			if r.Effect.Risk() > Settings.Risk() {
				out = append(out, n.ruled(d.path, d.before, d.after, r))
				told = append(told, head(d.path))
			}
		}
	}
	if s.applied == nil || n.quiet {
		return out
	}
	for _, d := range b.differences(b.applied, kind, of(s.applied), of(s.wanted)) {
		d = asWritten(d, of(s.applied), of(s.wanted))
		if !slices.Contains(told, head(d.path)) {
			out = append(out, n.reason(d.path, d.before, d.after, Settings))
		}
	}
	return out
}

// asWritten tells of time_column what was written rather than what was found.
func asWritten(d difference, before, after setting.Values) difference {
	if d.path != "time_column_auto" {
		return d
	}
	written := func(v setting.Values) any {
		if v.Bool("time_column_auto") {
			return "auto"
		}
		return v["time_column"]
	}
	return difference{"time_column", written(before), written(after)}
}

func head(path string) string {
	h, _, _ := strings.Cut(path, ".")
	return h
}

// columns adds what becomes of the table's columns, and takes the settings that say so
// out of what is told as written.
func (b book) columns(out []Reason, s sides, n naming) []Reason {
	changes := columnChanges(s.built.Shape, s.wanted.Shape)
	if len(changes) == 0 {
		return out
	}
	out = slices.DeleteFunc(out, func(r Reason) bool {
		h := head(r.Attribute)
		return r.Effect == Settings && (h == "columns" || h == "column")
	})
	for _, c := range changes {
		path := columnPath(n.block, c)
		about := change{before: s.built, after: s.wanted, column: c.kind, name: c.name}
		r := b.rule(addr.Target, path, about).because(about.columnLacks())
		out = append(out, n.ruled(path, orNil(c.before), orNil(c.after), r))
	}
	return out
}

// columnPath is the attribute that a column's change is blamed on. A column that comes or
// goes without a column block of its own is a matter of the selection.
func columnPath(block *lang.Block, c columnChange) string {
	switch c.kind {
	case columnRenamed:
		return "column." + c.name + ".from"
	case columnRetyped, columnWidened:
		return "column." + c.name + ".type"
	case columnHashed, columnUncovered:
		return "column." + c.name + ".hash"
	}
	if block != nil {
		if _, ok := block.Ranges["column."+c.name]; ok {
			return "column." + c.name
		}
	}
	return "columns"
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (b book) key(out []Reason, s sides, n naming) []Reason {
	same := slices.EqualFunc(s.built.Key, s.wanted.Key, func(x, y string) bool { return sameColumn(s.built, x, s.wanted, y) })
	if same {
		return out
	}
	about := change{before: s.built, after: s.wanted}
	r := b.rule(addr.Target, "key", about).because(about.keyLacks())
	if r.Effect.Risk() <= Settings.Risk() {
		return out // told as written, when it was not applied yet
	}
	out = slices.DeleteFunc(out, func(r Reason) bool { return r.Attribute == "key" })
	return append(out, n.ruled("key", list(s.built.Key), list(s.wanted.Key), r))
}

// timeColumn adds the case in which the name stays and means another column.
func (b book) timeColumn(out []Reason, s sides, n naming) []Reason {
	c := change{before: s.built, after: s.wanted}
	named := func(r Reason) bool { return head(r.Attribute) == "time_column" && r.Effect.Risk() > Settings.Risk() }
	if sameTimeColumn(c) || slices.ContainsFunc(out, named) {
		return out
	}
	r := b.rule(addr.Target, "time_column", c)
	return append(out, n.ruled("time_column", s.built.TimeColumn(), s.wanted.TimeColumn(), r))
}

func (b book) hashKey(out []Reason, s sides, at blocks) []Reason {
	from, to := s.built.HashKeyID, s.wanted.HashKeyID
	r := b.rule(addr.Target, "hash_key", change{before: s.built, after: s.wanted, from: from, to: to})
	if from == to || r.Effect.Risk() <= Settings.Risk() {
		return out
	}
	var n naming
	if at.inlay != nil {
		n.block = &at.inlay.Block
	}
	return append(out, n.ruled("hash_key", from, to, r))
}

func list(names []string) []any {
	out := make([]any, 0, len(names))
	for _, n := range names {
		out = append(out, n)
	}
	return out
}

// worst is the riskiest effect among reasons.
func worst(reasons []Reason) Effect {
	out := Noop
	for _, r := range reasons {
		out = riskier(out, r.Effect)
	}
	return out
}

// riskier is the riskier of two effects.
func riskier(a, b Effect) Effect {
	if a.Risk() > b.Risk() {
		return a
	}
	return b
}

// apart is what would have to be done to rows built as a, to make them rows built as b.
func (b book) apart(x, y *spec.Spec) Effect {
	named := blocks{target: &lang.Target{}, source: &lang.Source{}, connection: &lang.Connection{}}
	return worst(b.reasons(sides{built: x, wanted: y}, named))
}
