package intercom

import (
	"strings"

	"github.com/inlay-sync/inlay/stream"
)

// declaration is one stream as data: what its rows look like, and the way it is read.
type declaration struct {
	stream.Stream
	// wrapped are the columns whose list the service wraps in an object.
	wrapped []wrapping
	// added are columns that came with a version; before it they are not declared.
	added map[string]version
	// former are columns that had another type before a version.
	former []former
	// permission is what the app must be allowed to do, in Intercom's words.
	permission string
	way        way
	// deletions is the stream that tells which rows of this one were deleted; "" if none does.
	deletions string
}

// wrapping says where the list of a column stands: {"tags":{"type":"list","data":[…]}}.
// What else stands in the wrapper repeats what is known (its type, its address, whether
// there is more) and is dropped; the number of all elements goes to the column Count.
type wrapping struct{ Column, Member, Count string }

type former struct {
	before version
	column stream.Column
}

// way is how a stream is read: one of whole, search, scroll, hydrate, under and within.
type way interface{ way() }

// at returns the stream as the service offers it in a version of its API.
func (d declaration) at(v version) stream.Stream {
	s := d.Stream
	s.Columns, s.Places = nil, d.places()
	for _, c := range d.Columns {
		if came, ok := d.added[c.Name]; ok && !v.atLeast(came) {
			continue
		}
		for _, f := range d.former {
			if f.column.Name == c.Name && !v.atLeast(f.before) {
				c = f.column
			}
		}
		s.Columns = append(s.Columns, c)
	}
	return s
}

// places are those of columns that do not stand under their name.
func (d declaration) places() map[string][]string {
	out := map[string][]string{}
	for _, w := range d.wrapped {
		out[w.Column] = d.place([]string{w.Column})
		if w.Count != "" {
			out[w.Count] = d.place([]string{w.Count})
		}
	}
	return out
}

// offered reports whether a version of the API has the stream.
func (d declaration) offered(v version) bool {
	min, ok := parseVersion(d.MinVersion)
	return d.MinVersion == "" || ok && v.atLeast(min)
}

// located rewrites a shape, which speaks of declared columns, into one that speaks of
// places in the service's object.
func (d declaration) located(sh stream.Shape) stream.Shape {
	out := stream.Shape{NoRest: sh.NoRest}
	for _, f := range sh.Fields {
		f.From = d.place(f.From)
		out.Fields = append(out.Fields, f)
	}
	for _, path := range sh.Omit {
		out.Omit = append(out.Omit, d.place(path))
	}
	for _, w := range d.wrapped {
		for _, known := range []string{"type", "url", "has_more"} {
			out.Omit = append(out.Omit, []string{w.Column, known})
		}
		if w.Count == "" {
			out.Omit = append(out.Omit, []string{w.Column, "total_count"})
		}
	}
	return out
}

// place is where the value of a declared path stands.
func (d declaration) place(path []string) []string {
	for _, w := range d.wrapped {
		switch path[0] {
		case w.Column:
			return append(append([]string{w.Column}, strings.Split(w.Member, ".")...), path[1:]...)
		case w.Count:
			return []string{w.Column, "total_count"}
		}
	}
	return path
}
