package table

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// evolution says where the columns of a new layout come from in files of an older one.
//
// A column that means the same in both is copied. For every other, and for all that come
// from the same member of the service's object, the member is put together again out of
// the row's columns and its rest, and decoded as an import would: what fits goes to its
// column, what does not goes to the rest, and what is left out or hashed appears nowhere
// else.
type evolution struct {
	alias   map[string]string // column -> its older name, of those that are copied
	decoded map[string]bool   // columns that are decoded again
	shape   stream.Shape      // of what is decoded
	sources []recalled        // what the object is put together from
	rest    bool              // the file has a rest
	decoder *decode.Decoder   // nil: every column is copied
	removes bool              // values go that older snapshots still have
	upload  int64             // the upload time of rows that have none

	was, will stream.Shape
}

// older is what a column was called.
func (e *evolution) older(name string) string { return older(e.was, e.will, name) }

// recalled is an older column as a part of the service's object.
type recalled struct {
	stream.Field
	as stream.Kind // what it will be, where that decides how it is written
}

// place is where a field's value stands in the service's object.
func place(f stream.Field) []string {
	switch {
	case len(f.At) > 0:
		return f.At
	case len(f.From) > 0:
		return f.From
	}
	return []string{f.Name}
}

// declared is where a field's value stands in the stream as it is declared.
func declared(f stream.Field) []string {
	if len(f.From) == 0 {
		return []string{f.Name}
	}
	return f.From
}

// omits are the places of what is left out. A path in which another column stands that is
// kept, and that no older column has, leads to nothing.
func omits(was, will stream.Shape) [][]string {
	var out [][]string
	for _, path := range will.Omit {
		i := slices.IndexFunc(was.Fields, func(f stream.Field) bool { return slices.Equal(declared(f), path) })
		switch {
		case i >= 0:
			out = append(out, place(was.Fields[i]))
		case !slices.ContainsFunc(will.Fields, func(f stream.Field) bool { return below(place(f), path) && !below(declared(f), path) }):
			out = append(out, path)
		}
	}
	return out
}

// below reports whether a path leads to what stands at another, or inside it.
func below(path, at []string) bool { return len(path) >= len(at) && slices.Equal(path[:len(at)], at) }

// newEvolution compares the shape of the head with that of the layout.
func newEvolution(head Manifest, l *layout, key setting.Secret) (*evolution, error) {
	was, will := head.Spec.Shape, l.spec.Shape
	e := &evolution{alias: map[string]string{}, decoded: map[string]bool{}, rest: !was.NoRest, was: was, will: will}
	uploaded := head.Started
	if uploaded.IsZero() {
		uploaded = head.Committed
	}
	e.upload = micros(uploaded)
	members := e.members(was, will)
	if len(members) == 0 && was.NoRest == will.NoRest {
		return e, nil
	}
	if err := e.decodes(members, was, will, key); err != nil {
		return nil, err
	}
	e.recalls(members, was, will)
	return e, nil
}

// members are the members of the object in which something changed. It notes the names of
// the columns that are copied.
func (e *evolution) members(was, will stream.Shape) map[string]bool {
	out := map[string]bool{}
	for _, f := range will.Fields {
		i := sameColumn(was.Fields, f)
		if i < 0 {
			out[place(f)[0]] = true
			e.removes = e.removes || f.Hash
			continue
		}
		if old := was.Fields[i].Name; old != f.Name {
			e.alias[f.Name] = old
		}
	}
	for _, f := range was.Fields {
		if !slices.ContainsFunc(will.Fields, func(g stream.Field) bool { return slices.Equal(place(g), place(f)) }) {
			out[place(f)[0]] = true
			e.removes = true
		}
	}
	for _, o := range will.Omit {
		if !slices.ContainsFunc(was.Omit, func(p []string) bool { return slices.Equal(p, o) }) {
			out[o[0]] = true
			e.removes = true
		}
	}
	return out
}

// sameColumn finds the older column that holds what f does, by its name where several do;
// -1 if there is none. A hash cannot be undone, so it stays what it is.
func sameColumn(was []stream.Field, f stream.Field) int {
	same := func(o stream.Field) bool {
		return slices.Equal(place(o), place(f)) && o.Type.Equal(f.Type) && (o.Hash || !f.Hash)
	}
	if i := slices.IndexFunc(was, func(o stream.Field) bool { return o.Name == f.Name && same(o) }); i >= 0 {
		return i
	}
	return slices.IndexFunc(was, same)
}

// decodes says what is decoded: the new columns inside the members, but for those whose
// older column is a hash already.
func (e *evolution) decodes(members map[string]bool, was, will stream.Shape, key setting.Secret) error {
	e.shape = stream.Shape{Omit: omits(was, will), NoRest: will.NoRest}
	for _, f := range will.Fields {
		if !members[place(f)[0]] {
			continue
		}
		if i := sameColumn(was.Fields, f); i >= 0 && was.Fields[i].Hash {
			e.shape.Omit = append(e.shape.Omit, place(f))
			continue
		}
		if f.Hash && key.IsZero() {
			return fmt.Errorf("the column %q is to be hashed, and there is no hash_key to do it with", f.Name)
		}
		f.From, f.At = place(f), nil
		e.shape.Fields = append(e.shape.Fields, f)
		e.decoded[f.Name] = true
		delete(e.alias, f.Name)
	}
	e.decoded[stream.Rest] = !will.NoRest
	var err error
	e.decoder, err = decode.New(e.shape, decode.Options{HashKey: []byte(key.Reveal()), MaxDepth: 1000, MaxValue: 1 << 40})
	return err
}

// recalls says what the members are put together from: their outermost older columns.
func (e *evolution) recalls(members map[string]bool, was, will stream.Shape) {
	for i, f := range was.Fields {
		inner := slices.ContainsFunc(was.Fields, func(o stream.Field) bool {
			return !o.Hash && len(place(o)) < len(place(f)) && below(place(f), place(o))
		})
		twice := slices.ContainsFunc(was.Fields[:i], func(o stream.Field) bool { return !o.Hash && slices.Equal(place(o), place(f)) })
		if f.Hash || inner || twice || !members[place(f)[0]] {
			continue
		}
		r := recalled{Field: f, as: f.Type.Kind}
		if j := slices.IndexFunc(will.Fields, func(g stream.Field) bool { return slices.Equal(place(g), place(f)) }); j >= 0 {
			r.as = will.Fields[j].Type.Kind
			if will.Fields[j].Hash && f.Type.Kind == stream.Timestamp {
				r.as = stream.Int // services write instants as numbers, and the hash is of what they write
			}
		}
		e.sources = append(e.sources, r)
	}
	slices.SortStableFunc(e.sources, func(a, b recalled) int { return cmp.Compare(len(place(a.Field)), len(place(b.Field))) })
}

// evolve makes the head's parts files of an older layout.
func (x *Txn) evolve(head []*input) error {
	if x.evolution == nil {
		e, err := newEvolution(x.head, x.l, x.run.HashKey)
		if err != nil {
			return err
		}
		x.evolution = e
	}
	for _, in := range head {
		in.evolution = x.evolution
	}
	return nil
}
