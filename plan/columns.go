package plan

import (
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// columnKind is what happens to one column of a table.
type columnKind string

const (
	columnAdded     columnKind = "added"     // declared now, and never kept away
	columnRestored  columnKind = "restored"  // was left out, so its values were never stored
	columnDropped   columnKind = "dropped"   // left out from now on
	columnRenamed   columnKind = "renamed"   // the same value under another name
	columnWidened   columnKind = "widened"   // fields were added inside
	columnRetyped   columnKind = "retyped"   // another type
	columnHashed    columnKind = "hashed"    // kept as a hash from now on
	columnUncovered columnKind = "uncovered" // was kept as a hash only
)

// columnChange is one difference between what a table's columns are and what they shall be.
type columnChange struct {
	kind          columnKind
	name          string // the table's name of the column now; of a dropped one, the former
	before, after string
}

// columnChanges compares two shapes. Columns are known by where their value stands in the
// service's object, so a new name is a rename; their order and their docs do not count.
func columnChanges(before, after stream.Shape) []columnChange {
	if sameShape(before, after) {
		return nil
	}
	var out []columnChange
	match := matchFields(before.Fields, after.Fields)
	taken := make([]bool, len(before.Fields))
	for i, f := range after.Fields {
		if match[i] < 0 {
			out = append(out, columnChange{kind: appears(before, f), name: f.Name, after: f.Name + ":" + f.Type.String()})
			continue
		}
		taken[match[i]] = true
		out = append(out, fieldChanges(before.Fields[match[i]], f)...)
	}
	for i, f := range before.Fields {
		if !taken[i] {
			out = append(out, columnChange{kind: columnDropped, name: f.Name, before: f.Name + ":" + f.Type.String()})
		}
	}
	return append(out, omissions(before, after)...)
}

func sameShape(a, b stream.Shape) bool {
	return a.NoRest == b.NoRest &&
		slices.EqualFunc(a.Fields, b.Fields, sameField) &&
		slices.EqualFunc(a.Omit, b.Omit, slices.Equal)
}

func sameField(a, b stream.Field) bool {
	return a.Name == b.Name && a.Hash == b.Hash && slices.Equal(place(a), place(b)) && a.Type.Equal(b.Type)
}

// place is where a field's value stands in the service's object.
func place(f stream.Field) []string {
	if len(f.From) == 0 {
		return []string{f.Name}
	}
	return f.From
}

// matchFields finds for each field of after the one of before that holds the same value,
// by name first when several do; -1 where there is none.
func matchFields(before, after []stream.Field) []int {
	at := map[string][]int{}
	for i, f := range before {
		at[pathKey(place(f))] = append(at[pathKey(place(f))], i)
	}
	out := make([]int, len(after))
	take := func(i int, ok func(stream.Field) bool) {
		k := pathKey(place(after[i]))
		for n, j := range at[k] {
			if ok(before[j]) {
				out[i] = j
				at[k] = slices.Delete(at[k], n, n+1)
				return
			}
		}
	}
	for i, f := range after {
		out[i] = -1
		take(i, func(b stream.Field) bool { return b.Name == f.Name })
	}
	for i := range after {
		if out[i] < 0 {
			take(i, func(stream.Field) bool { return true })
		}
	}
	return out
}

func pathKey(path []string) string { return strings.Join(path, "\x00") }

func fieldChanges(before, after stream.Field) []columnChange {
	var out []columnChange
	add := func(k columnKind, from, to string) {
		out = append(out, columnChange{kind: k, name: after.Name, before: from, after: to})
	}
	if before.Name != after.Name {
		add(columnRenamed, before.Name, after.Name)
	}
	switch {
	case before.Hash && !after.Hash:
		add(columnUncovered, "hashed", "plain")
	case !before.Hash && after.Hash:
		add(columnHashed, "plain", "hashed")
	case before.Type.Equal(after.Type):
	case widens(before.Type, after.Type):
		add(columnWidened, before.Type.String(), after.Type.String())
	default:
		add(columnRetyped, before.Type.String(), after.Type.String())
	}
	return out
}

// widens reports whether every value of type a is one of type b as it stands: b is a with
// fields added inside.
func widens(a, b stream.Type) bool {
	switch {
	case a.Kind != b.Kind:
		return false
	case a.Kind == stream.List && a.Elem != nil && b.Elem != nil:
		return widens(*a.Elem, *b.Elem)
	case a.Kind != stream.Struct:
		return a.Equal(b)
	}
	for _, f := range a.Fields {
		at := slices.IndexFunc(b.Fields, func(g stream.Column) bool { return g.Name == f.Name })
		if at < 0 || !widens(f.Type, b.Fields[at].Type) {
			return false
		}
	}
	return true
}

// appears tells a column whose values the table may hold somewhere (in _rest, in JSON)
// from one whose values were kept away from it.
func appears(before stream.Shape, f stream.Field) columnKind {
	if slices.ContainsFunc(before.Omit, func(o []string) bool { return overlaps(o, place(f)) }) || before.NoRest {
		return columnRestored
	}
	for _, b := range before.Fields {
		if b.Hash && !f.Hash && overlaps(place(b), place(f)) {
			return columnRestored
		}
	}
	return columnAdded
}

// overlaps reports whether one path leads through the other.
func overlaps(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// omissions are the paths that are left out on one side only, beyond those that the
// columns themselves tell of.
func omissions(before, after stream.Shape) []columnChange {
	var out []columnChange
	for _, p := range after.Omit {
		if !holds(before.Omit, p) && !hasPlace(before.Fields, p) {
			out = append(out, columnChange{kind: columnDropped, name: strings.Join(p, "."), before: strings.Join(p, ".")})
		}
	}
	for _, p := range before.Omit {
		if !holds(after.Omit, p) && !hasPlace(after.Fields, p) {
			out = append(out, columnChange{kind: columnRestored, name: strings.Join(p, "."), after: strings.Join(p, ".")})
		}
	}
	switch {
	case before.NoRest && !after.NoRest:
		out = append(out, columnChange{kind: columnRestored, name: stream.Rest, after: stream.Rest})
	case !before.NoRest && after.NoRest:
		out = append(out, columnChange{kind: columnDropped, name: stream.Rest, before: stream.Rest})
	}
	return out
}

func holds(paths [][]string, p []string) bool {
	return slices.ContainsFunc(paths, func(q []string) bool { return slices.Equal(p, q) })
}

func hasPlace(fields []stream.Field, p []string) bool {
	return slices.ContainsFunc(fields, func(f stream.Field) bool { return slices.Equal(place(f), p) })
}

// origin is where the value of the column that a spec calls name comes from, as one
// string, so that a renamed column is known again. The added time has no origin.
func origin(s *spec.Spec, name string) string {
	if f, ok := fieldCalled(s.Shape.Fields, name); ok {
		return pathKey(place(f))
	}
	return ""
}

func fieldCalled(fields []stream.Field, name string) (stream.Field, bool) {
	i := slices.IndexFunc(fields, func(f stream.Field) bool { return f.Name == name })
	if i < 0 {
		return stream.Field{}, false
	}
	return fields[i], true
}

// sameColumn reports whether two specs mean the same value by these names.
func sameColumn(a *spec.Spec, nameA string, b *spec.Spec, nameB string) bool {
	if nameA == "" || nameB == "" {
		return nameA == nameB
	}
	oa, ob := origin(a, nameA), origin(b, nameB)
	return oa == ob && (oa != "" || nameA == nameB)
}
