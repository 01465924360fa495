package report

import (
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/stream"
)

// RowsGrid shows the first rows of data, at most limit, with types in the header
// ("id:string"), one cell a column. The batches have these columns.
func RowsGrid(columns []stream.Column, batches []*stream.Rows, limit int) Grid {
	g := Grid{Ruled: true}
	for _, c := range columns {
		g.Columns = append(g.Columns, Column{Name: c.Name, Title: c.Name + ":" + c.Type.String()})
	}
	for _, b := range batches {
		r := &reader{rows: b, at: make([]int, len(b.Leaves))}
		for range min(b.N, limit-len(g.Rows)) {
			g.Rows = append(g.Rows, r.row())
		}
	}
	return g
}

// reader puts rows together again from their leaves.
type reader struct {
	rows *stream.Rows
	at   []int // next entry of each leaf
}

func (r *reader) row() []Cell {
	out := make([]Cell, len(r.rows.Columns))
	leaf := 0
	for i, c := range r.rows.Columns {
		n := leaves(c.Type)
		v := r.value(c.Type, leaf, n, 0, 0)
		leaf += n
		out[i] = Cell{dataText(v), v}
	}
	return out
}

func leaves(t stream.Type) int {
	switch t.Kind {
	case stream.List:
		return leaves(*t.Elem)
	case stream.Struct:
		n := 0
		for _, f := range t.Fields {
			n += leaves(f.Type)
		}
		return n
	}
	return 1
}

// value reads one value that spans n leaves from leaf on, whose presence is said by
// definition levels above def.
func (r *reader) value(t stream.Type, leaf, n int, def, rep uint8) any {
	switch t.Kind {
	case stream.List:
		return r.list(t, leaf, n, def, rep)
	case stream.Struct:
		if r.def(leaf) <= def {
			r.skip(leaf, n)
			return nil
		}
		out := make(members, 0, len(t.Fields))
		for _, f := range t.Fields {
			k := leaves(f.Type)
			out = append(out, member{f.Name, r.value(f.Type, leaf, k, def+1, rep)})
			leaf += k
		}
		return out
	}
	return r.scalar(leaf)
}

func (r *reader) list(t stream.Type, leaf, n int, def, rep uint8) any {
	switch d := r.def(leaf); {
	case d <= def:
		r.skip(leaf, n)
		return nil
	case d == def+1:
		r.skip(leaf, n)
		return []any{}
	}
	out := []any{}
	for {
		out = append(out, r.value(*t.Elem, leaf, n, def+2, rep+1))
		v := &r.rows.Leaves[leaf]
		if at := r.at[leaf]; at >= v.Len() || v.Rep[at] != rep+1 {
			return out
		}
	}
}

func (r *reader) def(leaf int) uint8 {
	v := &r.rows.Leaves[leaf]
	if r.at[leaf] >= v.Len() {
		return 0
	}
	return v.Def[r.at[leaf]]
}

func (r *reader) skip(leaf, n int) {
	for i := leaf; i < leaf+n; i++ {
		r.at[i]++
	}
}

func (r *reader) scalar(leaf int) any {
	v, i := &r.rows.Leaves[leaf], r.at[leaf]
	r.at[leaf]++
	if i >= v.Len() || v.Null(i) {
		return nil
	}
	switch v.Kind {
	case stream.Int:
		return v.Ints[i]
	case stream.Timestamp:
		return time.UnixMicro(v.Ints[i]).UTC().Format("2006-01-02T15:04:05.999999Z")
	case stream.Float:
		if f := v.Floats[i]; !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
		return nil
	case stream.Bool:
		return v.Bools[i]
	case stream.JSON:
		if json.Valid([]byte(v.Strs[i])) {
			return json.RawMessage(strings.Clone(v.Strs[i]))
		}
	}
	return strings.Clone(v.Strs[i])
}

// member and members are a struct's values in declared order.
type member struct {
	name  string
	value any
}

type members []member

// MarshalJSON writes an object whose members keep their order.
func (m members) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, e := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := compact(e.name)
		if err != nil {
			return nil, err
		}
		value, err := compact(e.value)
		if err != nil {
			return nil, err
		}
		b.WriteString(name + ":" + value)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

// dataText shows a value of a row: a null as nothing, what is nested as JSON.
func dataText(v any) string {
	text, err := csvCell(v)
	if err != nil {
		return ""
	}
	return Clean(text)
}
