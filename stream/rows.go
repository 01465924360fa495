package stream

// Rows is a columnar batch of rows of one Shape. Every leaf of the column tree is one
// Vector; nesting is kept in definition and repetition levels, as in Dremel and Parquet:
//
//   - every value, list and struct may be null, so a scalar column has maximum definition
//     level 1; a struct adds one level, a list adds two (the list present, an element present);
//   - one entry per value or null, so all slices of a Vector have equal length, and a
//     column outside any list has exactly N entries.
//
// Decoders append rows; nothing else changes a Rows once it is handed on. Strings may
// share memory with the page they came from, which stays alive as long as they do.
type Rows struct {
	N       int      // rows
	Columns []Column // the tree, Rest included
	Leaves  []Vector // in depth-first order of Columns
	// Misfits counts values that did not fit their column and went to Rest.
	Misfits int64
	// Unknown counts values that no column declares, which went to Rest.
	Unknown int64
}

// Vector holds one leaf. Exactly one of Ints, Floats, Bools and Strs is used, by Kind:
// Int and Timestamp (microseconds since 1970 UTC) use Ints, String and JSON use Strs. A
// null's slot holds the zero value.
type Vector struct {
	Path   []string // names from the column down; a list's element adds no name
	Kind   Kind
	MaxDef uint8
	MaxRep uint8
	Def    []uint8 // definition level of each entry
	Rep    []uint8 // repetition level of each entry; nil when MaxRep is 0
	Ints   []int64
	Floats []float64
	Bools  []bool
	Strs   []string
}

// NewRows returns an empty batch for these columns.
func NewRows(columns []Column) *Rows {
	r := &Rows{Columns: columns}
	for _, c := range columns {
		r.Leaves = appendLeaves(r.Leaves, []string{c.Name}, c.Type, 0, 0)
	}
	return r
}

func appendLeaves(out []Vector, path []string, t Type, def, rep uint8) []Vector {
	switch t.Kind {
	case List:
		return appendLeaves(out, path, *t.Elem, def+2, rep+1)
	case Struct:
		for _, f := range t.Fields {
			out = appendLeaves(out, append(path[:len(path):len(path)], f.Name), f.Type, def+1, rep)
		}
		return out
	}
	return append(out, Vector{Path: path, Kind: t.Kind, MaxDef: def + 1, MaxRep: rep})
}

// Leaf returns the vector of a column that is not nested, or nil.
func (r *Rows) Leaf(column string) *Vector {
	for i := range r.Leaves {
		if len(r.Leaves[i].Path) == 1 && r.Leaves[i].Path[0] == column {
			return &r.Leaves[i]
		}
	}
	return nil
}

// AppendNull adds one null entry at definition level def and repetition level rep.
func (v *Vector) AppendNull(def, rep uint8) {
	v.level(def, rep)
	switch v.Kind {
	case Int, Timestamp:
		v.Ints = append(v.Ints, 0)
	case Float:
		v.Floats = append(v.Floats, 0)
	case Bool:
		v.Bools = append(v.Bools, false)
	default:
		v.Strs = append(v.Strs, "")
	}
}

// AppendInt adds a present Int or Timestamp at repetition level rep.
func (v *Vector) AppendInt(n int64, rep uint8) { v.level(v.MaxDef, rep); v.Ints = append(v.Ints, n) }

// AppendFloat adds a present Float.
func (v *Vector) AppendFloat(f float64, rep uint8) {
	v.level(v.MaxDef, rep)
	v.Floats = append(v.Floats, f)
}

// AppendBool adds a present Bool.
func (v *Vector) AppendBool(b bool, rep uint8) { v.level(v.MaxDef, rep); v.Bools = append(v.Bools, b) }

// AppendString adds a present String or JSON.
func (v *Vector) AppendString(s string, rep uint8) {
	v.level(v.MaxDef, rep)
	v.Strs = append(v.Strs, s)
}

func (v *Vector) level(def, rep uint8) {
	v.Def = append(v.Def, def)
	if v.MaxRep > 0 {
		v.Rep = append(v.Rep, rep)
	}
}

// Len is the number of entries.
func (v *Vector) Len() int { return len(v.Def) }

// Null reports whether entry i is null.
func (v *Vector) Null(i int) bool { return v.Def[i] != v.MaxDef }
