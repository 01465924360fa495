package stream

import (
	"fmt"
	"slices"
	"strings"
)

// Field is one column of a Shape: a declared column, or a value promoted from inside one.
type Field struct {
	Column
	// From is where the value stands in the stream as it is declared: one name, or several
	// for a promoted value ("custom_attributes", "plan").
	From []string `json:"from,omitempty"`
	// At is where that is in the object as the service writes it; empty where it is From.
	At []string `json:"at,omitempty"`
	// Text keeps what is an object or a list as its JSON text, in a column of strings.
	Text bool `json:"text,omitempty"`
	// Hash replaces the value, as text, by its keyed hash.
	Hash bool `json:"hash,omitempty"`
}

// Shape is what the rows of a stream look like for one target: its columns in order, and
// the paths whose values must appear nowhere, Rest included. A Rest column always follows
// the fields unless NoRest.
type Shape struct {
	Fields []Field    `json:"fields"`
	Omit   [][]string `json:"omit,omitempty"`
	NoRest bool       `json:"no_rest,omitempty"`
}

// Override is one column block of a target.
type Override struct {
	Name string // the column as the table shows it
	From string // path in the object, dots between names; "" = Name
	Type string // a scalar Kind, for promoted values; "" = as declared, or string
	Hash bool
}

// Columns returns the columns of rows of this shape, Rest last.
func (s Shape) Columns() []Column {
	out := make([]Column, 0, len(s.Fields)+1)
	for _, f := range s.Fields {
		out = append(out, f.Column)
	}
	if !s.NoRest {
		out = append(out, Column{Name: Rest, Type: Scalar(JSON), Doc: "what the service returned beyond the declared columns, and values that did not fit their column"})
	}
	return out
}

// ShapeError says which column of a selection cannot be.
type ShapeError struct {
	Column  string // as written
	Problem string
	Known   []string // names that would do, if it was unknown
}

func (e *ShapeError) Error() string { return fmt.Sprintf("column %q: %s", e.Column, e.Problem) }

// Shape applies a target's column selection ("*", "name", "-name"; none means all) and its
// column blocks. Columns in needed (by stream name) may not be left out.
func (s Stream) Shape(selection []string, overrides []Override, needed []string) (Shape, error) {
	keep, err := s.selected(selection, needed)
	if err != nil {
		return Shape{}, err
	}
	var sh Shape
	for _, c := range s.Columns {
		if keep[c.Name] {
			from := []string{c.Name}
			sh.Fields = append(sh.Fields, Field{Column: c, From: from, At: s.place(from)})
		} else {
			sh.Omit = append(sh.Omit, []string{c.Name})
		}
	}
	for _, o := range overrides {
		if err := sh.override(s, o); err != nil {
			return Shape{}, err
		}
	}
	return sh, sh.checkNames()
}

func (s Stream) selected(selection, needed []string) (map[string]bool, error) {
	keep := map[string]bool{}
	if len(selection) == 0 || slices.Contains(selection, "*") || allNegative(selection) {
		for _, c := range s.Columns {
			keep[c.Name] = true
		}
	}
	for _, sel := range selection {
		if sel == "*" {
			continue
		}
		name, off := strings.CutPrefix(sel, "-")
		if _, ok := s.Column(name); !ok {
			return nil, &ShapeError{Column: sel, Problem: "the stream " + s.Name + " has no such column", Known: s.names()}
		}
		keep[name] = !off
	}
	for _, n := range needed {
		if n != "" && !keep[n] {
			return nil, &ShapeError{Column: n, Problem: "it is a key, cursor or time column, which cannot be left out"}
		}
	}
	return keep, nil
}

func allNegative(selection []string) bool {
	return !slices.ContainsFunc(selection, func(s string) bool { return !strings.HasPrefix(s, "-") })
}

func (s Stream) names() []string {
	var out []string
	for _, c := range s.Columns {
		out = append(out, c.Name)
	}
	return out
}

// override applies one column block: it renames or retypes a whole column in place, or
// adds a promoted one at the end.
func (sh *Shape) override(s Stream, o Override) error {
	from := strings.Split(o.From, ".")
	if o.From == "" {
		from = []string{o.Name}
	}
	root, ok := s.Column(from[0])
	if !ok {
		return &ShapeError{Column: strings.Join(from, "."), Problem: "the stream " + s.Name + " has no such column", Known: s.names()}
	}
	f := Field{Column: Column{Name: o.Name, Type: root.Type, Doc: root.Doc}, From: from, At: s.place(from), Hash: o.Hash}
	if len(from) > 1 {
		t, err := nestedType(root.Type, from[1:])
		if err != nil {
			return &ShapeError{Column: o.From, Problem: err.Error()}
		}
		f.Type = t
	}
	if o.Type != "" && !o.Hash {
		k := f.Type.Kind
		f.Type = Scalar(Kind(o.Type))
		f.Text = f.Type.Kind == String && (k == List || k == Struct || k == JSON)
		if (k == List || k == Struct) && !f.Text && f.Type.Kind != JSON {
			return &ShapeError{Column: o.Name, Problem: fmt.Sprintf("it is a %s, and no value of it would fit the type %s; json and string keep its text", k, o.Type)}
		}
	}
	if o.Hash {
		f.Type = Scalar(String)
	}
	for i := range sh.Fields {
		if len(from) == 1 && slices.Equal(sh.Fields[i].From, from) {
			sh.Fields[i] = f
			return nil
		}
	}
	sh.Fields = append(sh.Fields, f)
	return nil
}

// place is where a declared path stands in the service's object; nil where that is the
// path itself.
func (s Stream) place(path []string) []string {
	at, ok := s.Places[path[0]]
	if !ok {
		return nil
	}
	return append(slices.Clone(at), path[1:]...)
}

func nestedType(t Type, path []string) (Type, error) {
	for i, name := range path {
		switch t.Kind {
		case JSON:
			return Scalar(String), nil
		case Struct:
			at := slices.IndexFunc(t.Fields, func(c Column) bool { return c.Name == name })
			if at < 0 {
				return Type{}, fmt.Errorf("there is no %q inside it", strings.Join(path[:i+1], "."))
			}
			t = t.Fields[at].Type
		default:
			return Type{}, fmt.Errorf("a %s has nothing inside that could be promoted", t.Kind)
		}
	}
	return t, nil
}

// checkNames refuses two columns whose names differ only in case, which several readers
// cannot tell apart, and names that the table itself uses.
func (sh Shape) checkNames() error {
	seen := map[string]string{}
	for _, f := range sh.Fields {
		if strings.HasPrefix(f.Name, "_") {
			return &ShapeError{Column: f.Name, Problem: "names that begin with _ are the table's own"}
		}
		low := strings.ToLower(f.Name)
		if other, ok := seen[low]; ok {
			return &ShapeError{Column: f.Name, Problem: "its name and " + other + " are the same to many readers"}
		}
		seen[low] = f.Name
	}
	return nil
}
