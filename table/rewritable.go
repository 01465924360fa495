package table

import (
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// ErrLacking says what a table's own files cannot give, so that the rows must be read
// again from the service.
type ErrLacking struct{ Column, Why string }

func (e *ErrLacking) Error() string {
	return fmt.Sprintf("the table's own files cannot give the column %q as it shall be: %s; read the rows again with -reimport", e.Column, e.Why)
}

// Rewritable reports whether Rewrite can lay the rows of a table out as a spec wants them,
// in every column as an import would have made it. (What becomes JSON is spelled anew: members
// stand in declared order, nulls are left out, and a number that was kept as text stays text.)
// It returns nil or an *ErrLacking. It looks at no file: what only the rows tell, such as a
// key without a value, Rewrite itself refuses.
func Rewritable(head Manifest, will spec.Spec) error {
	if head.Rows == 0 {
		return nil
	}
	was := head.Spec
	for _, f := range will.Shape.Fields {
		if why := lacking(was.Shape, f); why != "" {
			return &ErrLacking{f.Name, why}
		}
	}
	if was.Shape.NoRest && !will.Shape.NoRest {
		return &ErrLacking{stream.Rest, "it was left out, so it was never stored"}
	}
	if !keyedAnew(was, will) {
		return nil
	}
	for _, k := range will.Key {
		if older(was.Shape, will.Shape, k) == "" {
			return &ErrLacking{k, "it is to be the key, and older files do not have it"}
		}
	}
	return nil
}

// lacking says why a column cannot be had from rows of an older shape, or "".
func lacking(was stream.Shape, f stream.Field) string {
	if i := sameColumn(was.Fields, f); i >= 0 && (f.Hash || !was.Fields[i].Hash) {
		return ""
	}
	i := slices.IndexFunc(was.Fields, func(o stream.Field) bool { return slices.Equal(place(o), place(f)) && !o.Hash })
	switch {
	case i >= 0:
		return misread(was.Fields[i], f)
	case slices.ContainsFunc(was.Fields, func(o stream.Field) bool { return o.Hash && overlap(place(o), place(f)) }):
		return "the value cannot be had from its hash"
	case was.NoRest || slices.ContainsFunc(was.Omit, func(o []string) bool { return overlap(o, declared(f)) }):
		return "it was left out, so it was never stored"
	}
	return ""
}

func overlap(a, b []string) bool { return below(a, b) || below(b, a) }

// misread says why values of one type, as a table keeps them, would not become what an
// import makes of them for a column, or "".
func misread(was, will stream.Field) string {
	compound := func(k stream.Kind) bool { return k == stream.List || k == stream.Struct || k == stream.JSON }
	switch k := was.Type.Kind; {
	case will.Hash && compound(k) && k != stream.JSON:
		return "the hash is of the text as the service wrote it, which a table does not keep of a " + string(k)
	case was.Text && !will.Hash && compound(will.Type.Kind):
		return fmt.Sprintf("a %s cannot be read from the text that was made of it", will.Type.Kind)
	}
	return unread(was.Type, will.Type)
}

// unread is misread inside a value. A text column holds numbers, instants and truth values
// that the service wrote as such, and the text does not tell which were.
func unread(was, will stream.Type) string {
	switch {
	case was.Kind == stream.List && will.Kind == stream.List:
		return unread(*was.Elem, *will.Elem)
	case was.Kind == stream.Struct && will.Kind == stream.Struct:
		for _, c := range will.Fields {
			i := slices.IndexFunc(was.Fields, func(o stream.Column) bool { return o.Name == c.Name })
			if i < 0 {
				continue
			}
			if why := unread(was.Fields[i].Type, c.Type); why != "" {
				return why
			}
		}
	case was.Kind == stream.String && (will.Kind == stream.Float || will.Kind == stream.Bool || will.Kind == stream.Timestamp):
		return fmt.Sprintf("a %s cannot be read from the text that was made of it", will.Kind)
	}
	return ""
}

// keyedAnew reports whether rows that stand beside each other in a table of one spec give
// way to each other in one of another.
func keyedAnew(was, will spec.Spec) bool {
	return will.Mode() == spec.Upsert && !(was.Mode() == spec.Upsert && slices.Equal(was.Key, will.Key))
}

// older is what the column that holds the same value is called in files of an older shape,
// whatever its type there; "" if they have none.
func older(was, will stream.Shape, name string) string {
	i := slices.IndexFunc(will.Fields, func(f stream.Field) bool { return f.Name == name })
	if i < 0 {
		return ""
	}
	f := will.Fields[i]
	same := func(o stream.Field) bool { return slices.Equal(place(o), place(f)) && (f.Hash || !o.Hash) }
	if j := slices.IndexFunc(was.Fields, func(o stream.Field) bool { return o.Name == name && same(o) }); j >= 0 {
		return name
	}
	if j := slices.IndexFunc(was.Fields, same); j >= 0 {
		return was.Fields[j].Name
	}
	return ""
}
