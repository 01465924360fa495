package decode

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/stream"
)

// branch is one place of the object, with all that the shape and the captures say of it.
type branch struct {
	name    string
	fields  []int // of the shape, that are read from here
	hashed  bool  // one of them is
	omit    bool
	capture int // index; -1 for none
	sub     []*branch
}

func (b *branch) at(path []string) *branch {
	for _, name := range path {
		i := slices.IndexFunc(b.sub, func(s *branch) bool { return s.name == name })
		if i < 0 {
			i = len(b.sub)
			b.sub = append(b.sub, &branch{name: name, capture: -1})
		}
		b = b.sub[i]
	}
	return b
}

// below reports whether something below b satisfies is.
func (b *branch) below(is func(*branch) bool) bool {
	return slices.ContainsFunc(b.sub, func(s *branch) bool { return is(s) || s.below(is) })
}

func (b *branch) read() bool     { return len(b.fields) > 0 }
func (b *branch) captured() bool { return b.capture >= 0 }

// filter is what must appear nowhere below b; nil for nothing.
func (b *branch) filter() *filter {
	f := &filter{sub: map[string]*filter{}}
	for _, s := range b.sub {
		if s.omit || s.hashed {
			f.sub[s.name] = &filter{drop: true}
		} else if under := s.filter(); under != nil {
			f.sub[s.name] = under
		}
	}
	if len(f.sub) == 0 {
		return nil
	}
	return f
}

// compiler turns a shape into the nodes that read it.
type compiler struct {
	fields []stream.Field
	first  []int // first leaf of each field
	leaves []leaf
}

func compile(sh stream.Shape, captures []string) (*object, []leaf, error) {
	c := compiler{fields: sh.Fields}
	root := &branch{capture: -1}
	for i, f := range sh.Fields {
		if err := check(f); err != nil {
			return nil, nil, err
		}
		c.first = append(c.first, len(c.leaves))
		c.addLeaves(f.Type, 0, false)
		b := root.at(f.From)
		b.fields = append(b.fields, i)
		b.hashed = b.hashed || f.Hash
	}
	for _, path := range sh.Omit {
		root.at(path).omit = true
	}
	for i, path := range captures {
		b := root.at(strings.Split(path, "."))
		if b.capture >= 0 {
			return nil, nil, fmt.Errorf("capture %q is asked for twice", path)
		}
		b.capture = i
	}
	if err := c.mixed(root); err != nil {
		return nil, nil, err
	}
	return c.members(root, true), c.leaves, nil
}

func check(f stream.Field) error {
	if len(f.From) == 0 {
		return &stream.ShapeError{Column: f.Name, Problem: "it is read from nowhere"}
	}
	if f.Hash && f.Type.Kind != stream.String {
		return &stream.ShapeError{Column: f.Name, Problem: "a hash is text, so a hashed column is a string"}
	}
	return checkType(f.Name, f.Type)
}

func checkType(column string, t stream.Type) error {
	switch t.Kind {
	case stream.String, stream.Int, stream.Float, stream.Bool, stream.Timestamp, stream.JSON:
		return nil
	case stream.List:
		if t.Elem == nil {
			return &stream.ShapeError{Column: column, Problem: "a list needs a type for its elements"}
		}
		return checkType(column, *t.Elem)
	case stream.Struct:
		for _, f := range t.Fields {
			if err := checkType(column, f.Type); err != nil {
				return err
			}
		}
		return nil
	}
	return &stream.ShapeError{Column: column, Problem: fmt.Sprintf("there is no type %q", t.Kind)}
}

// mixed refuses a value that one column hashes and another shows.
func (c *compiler) mixed(b *branch) error {
	for _, i := range b.fields {
		if f := c.fields[i]; b.hashed && !f.Hash {
			return &stream.ShapeError{Column: f.Name, Problem: "another column hashes the same value, which may then be shown nowhere"}
		}
	}
	for _, s := range b.sub {
		if err := c.mixed(s); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) addLeaves(t stream.Type, def uint8, repeated bool) {
	switch t.Kind {
	case stream.List:
		c.addLeaves(*t.Elem, def+2, true)
	case stream.Struct:
		for _, f := range t.Fields {
			c.addLeaves(f.Type, def+1, repeated)
		}
	default:
		c.leaves = append(c.leaves, leaf{store: storeOf(t.Kind), maxDef: def + 1, repeated: repeated})
	}
}

// members compiles what stands inside b. With keep, what nothing names goes to the rest.
func (c *compiler) members(b *branch, keep bool) *object {
	other := asNothing
	if keep {
		other = asRest
	}
	o := newObject(other)
	for _, s := range b.sub {
		o.declare(c.place(s, keep && !s.omit), s.name)
	}
	return o
}

// place compiles one place: its first reading, and the further ones.
func (c *compiler) place(b *branch, keep bool) *node {
	var n *node
	inside := b.below((*branch).captured)
	switch {
	case b.read():
		n = c.column(b.fields[0], b.filter(), keep)
		for _, i := range b.fields[1:] {
			n.again = append(n.again, c.column(i, b.filter(), false))
		}
		inside = inside || b.below((*branch).read)
	case b.below((*branch).read):
		n = &node{reading: asPath, mute: !keep, filter: b.filter(), capture: -1, members: c.members(b, keep)}
		inside = false
	case keep:
		n = &node{reading: asRest, filter: b.filter(), capture: -1}
	default:
		n = &node{reading: asNothing, mute: true, capture: -1}
	}
	if inside {
		n.again = append(n.again, &node{reading: asPath, mute: true, capture: -1, members: c.members(b, false)})
	}
	n.capture = b.capture
	n.settle()
	return n
}

func (c *compiler) column(i int, f *filter, keep bool) *node {
	t := typer{filter: f, keep: keep, next: c.first[i]}
	n := t.node(c.fields[i].Type, f, 0, 0)
	switch {
	case c.fields[i].Hash:
		n.reading = asHash
	case c.fields[i].Text:
		n.reading = asText
	}
	return n
}

// typer compiles the type of one column.
type typer struct {
	filter *filter
	keep   bool
	next   int // leaf
}

func (t *typer) node(typ stream.Type, f *filter, def, rep uint8) *node {
	n := &node{mute: !t.keep, def: def, filter: f, lo: t.next, capture: -1, simple: true}
	switch typ.Kind {
	case stream.List:
		n.reading, n.rep = asList, rep+1
		n.elem = t.node(*typ.Elem, f, def+2, rep+1)
	case stream.Struct:
		n.reading, n.members = asStruct, newObject(asRest)
		if !t.keep {
			n.members.other = asNothing
		}
		t.fields(n, typ, f, def, rep)
	default:
		n.reading = scalarReading(typ.Kind)
		t.next++
	}
	n.hi = t.next
	return n
}

func (t *typer) fields(n *node, typ stream.Type, f *filter, def, rep uint8) {
	for _, c := range typ.Fields {
		var sub *filter
		if f != nil {
			sub = f.sub[c.Name]
		}
		m := t.node(c.Type, sub, def+1, rep)
		if sub != nil && sub.drop {
			m.reading, m.mute = asNothing, true
		}
		n.members.declare(m, c.Name)
	}
	t.omitted(n.members, f)
}

// omitted adds what the filter drops, or drops something of, and the type does not name.
func (t *typer) omitted(o *object, f *filter) {
	if f == nil {
		return
	}
	names := make([]string, 0, len(f.sub))
	for name := range f.sub {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if _, declared := o.members[name]; declared {
			continue
		}
		n := &node{reading: asRest, filter: f.sub[name], capture: -1, simple: true}
		if f.sub[name].drop || !t.keep {
			n.reading, n.mute = asNothing, true
		}
		o.declare(n, name)
	}
}

func scalarReading(k stream.Kind) reading {
	switch k {
	case stream.Int:
		return asInt
	case stream.Float:
		return asFloat
	case stream.Bool:
		return asBool
	case stream.Timestamp:
		return asInstant
	case stream.JSON:
		return asJSON
	}
	return asString
}
