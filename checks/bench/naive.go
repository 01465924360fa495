package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/inlay-sync/inlay/stream"
)

// naive is the role that does the same the plain way: each object into a map, each map
// into a row of values, each row to the writer: naive STREAM FILE OUT.
func naive(args []string) error {
	if len(args) != 3 {
		return errors.New("naive STREAM FILE OUT")
	}
	sh, err := shapeOf(args[0])
	if err != nil {
		return err
	}
	in, err := os.Open(args[1])
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(args[2])
	if err != nil {
		return err
	}
	group := parquet.Group{}
	for _, f := range sh.Fields {
		group[f.Name] = node(f.Type)
	}
	schema := parquet.NewSchema("rows", group)
	w := parquet.NewWriter(out, schema, parquet.Compression(&zstd.Codec{}))
	d := json.NewDecoder(bufio.NewReaderSize(in, 1<<20))
	d.UseNumber()
	for waiting := 0; d.More(); waiting++ {
		var o map[string]any
		if err := d.Decode(&o); err != nil {
			return err
		}
		r := naiveRow{columns: map[int][]parquet.Value{}}
		for _, top := range schema.Fields() {
			f := sh.Fields[field(sh, top.Name())]
			var v any = o
			for _, step := range f.From {
				m, _ := v.(map[string]any)
				v = m[step]
			}
			r.add(f.Type, v, 0, 0)
		}
		if _, err := w.WriteRows([]parquet.Row{r.row()}); err != nil {
			return err
		}
		if waiting%65536 == 65535 {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	return errors.Join(w.Close(), out.Close())
}

func field(sh stream.Shape, name string) int {
	for i, f := range sh.Fields {
		if f.Name == name {
			return i
		}
	}
	return -1
}

func node(t stream.Type) parquet.Node {
	switch t.Kind {
	case stream.Int:
		return parquet.Optional(parquet.Int(64))
	case stream.Float:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	case stream.Bool:
		return parquet.Optional(parquet.Leaf(parquet.BooleanType))
	case stream.Timestamp:
		return parquet.Optional(parquet.Timestamp(parquet.Microsecond))
	case stream.List:
		return parquet.Optional(parquet.List(node(*t.Elem)))
	case stream.Struct:
		group := parquet.Group{}
		for _, f := range t.Fields {
			group[f.Name] = node(f.Type)
		}
		return parquet.Optional(group)
	}
	return parquet.Optional(parquet.String())
}

// naiveRow is a row being made, its columns sorted by name as the writer has them.
type naiveRow struct {
	columns map[int][]parquet.Value
	column  int
}

func (r *naiveRow) value(v parquet.Value, rep, def int) {
	r.columns[r.column] = append(r.columns[r.column], v.Level(rep, def, r.column))
	r.column++
}

// row is the row with the values of each column together.
func (r *naiveRow) row() parquet.Row {
	var out parquet.Row
	for i := range r.column {
		out = append(out, r.columns[i]...)
	}
	return out
}

func (r *naiveRow) add(t stream.Type, v any, rep, def int) {
	switch t.Kind {
	case stream.List:
		r.list(t, v, rep, def)
		return
	case stream.Struct:
		m, ok := v.(map[string]any)
		if ok {
			def++
		}
		for _, name := range sorted(t.Fields) {
			for _, f := range t.Fields {
				if f.Name == name {
					r.add(f.Type, m[name], rep, def)
				}
			}
		}
		return
	}
	x := scalar(t.Kind, v)
	if !x.IsNull() {
		def++
	}
	r.value(x, rep, def)
}

func (r *naiveRow) list(t stream.Type, v any, rep, def int) {
	l, ok := v.([]any)
	if ok {
		def++
	}
	if len(l) == 0 {
		r.add(*t.Elem, nil, rep, def)
		return
	}
	first, next := r.column, r.column
	for _, e := range l {
		r.column = first
		r.add(*t.Elem, e, rep, def+1)
		next, rep = r.column, 1
	}
	r.column = next
}

func sorted(fields []stream.Column) []string {
	group := parquet.Group{}
	for _, f := range fields {
		group[f.Name] = parquet.String()
	}
	var out []string
	for _, f := range group.Fields() {
		out = append(out, f.Name())
	}
	return out
}

func scalar(k stream.Kind, v any) parquet.Value {
	if v == nil {
		return parquet.Value{}
	}
	n, _ := v.(json.Number)
	switch k {
	case stream.Int, stream.Timestamp:
		i, err := n.Int64()
		if err != nil {
			return parquet.Value{}
		}
		if k == stream.Timestamp {
			i *= 1e6
		}
		return parquet.Int64Value(i)
	case stream.Float:
		f, err := n.Float64()
		if err != nil {
			return parquet.Value{}
		}
		return parquet.DoubleValue(f)
	case stream.Bool:
		b, _ := v.(bool)
		return parquet.BooleanValue(b)
	case stream.JSON:
		text, err := json.Marshal(v)
		if err != nil {
			return parquet.Value{}
		}
		return parquet.ByteArrayValue(text)
	}
	switch v := v.(type) {
	case string:
		return parquet.ByteArrayValue([]byte(v))
	case json.Number:
		return parquet.ByteArrayValue([]byte(v.String()))
	}
	text, err := json.Marshal(v)
	if err != nil {
		return parquet.Value{}
	}
	return parquet.ByteArrayValue(text)
}
