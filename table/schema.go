package table

import (
	"fmt"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/stream"
)

// newSchema is the Parquet schema of columns, in their order. Every level is optional, so
// that definition levels are those of stream.Rows.
func newSchema(columns []stream.Column) (*parquet.Schema, error) {
	root, err := groupNode(columns)
	if err != nil {
		return nil, err
	}
	return parquet.NewSchema("row", root), nil
}

// fields is a Parquet group that keeps the declared order of its columns.
type fields struct {
	parquet.Group
	order []parquet.Field
}

// Fields lists the columns in declared order.
func (f *fields) Fields() []parquet.Field { return f.order }

func groupNode(columns []stream.Column) (parquet.Node, error) {
	if len(columns) == 0 {
		return nil, fmt.Errorf("a table or struct without columns cannot be kept as Parquet")
	}
	g := &fields{Group: parquet.Group{}}
	for _, c := range columns {
		n, err := node(c.Type)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		if _, ok := g.Group[c.Name]; ok {
			return nil, fmt.Errorf("column %q is declared twice", c.Name)
		}
		g.Group[c.Name] = n
	}
	byName := map[string]parquet.Field{}
	for _, f := range g.Group.Fields() {
		byName[f.Name()] = f
	}
	for _, c := range columns {
		g.order = append(g.order, byName[c.Name])
	}
	return g, nil
}

func node(t stream.Type) (parquet.Node, error) {
	switch t.Kind {
	case stream.List:
		if t.Elem == nil {
			return nil, fmt.Errorf("a list must say of what")
		}
		elem, err := node(*t.Elem)
		if err != nil {
			return nil, err
		}
		return parquet.Optional(parquet.List(elem)), nil
	case stream.Struct:
		g, err := groupNode(t.Fields)
		if err != nil {
			return nil, err
		}
		return parquet.Optional(g), nil
	}
	return leafNode(t.Kind)
}

func leafNode(k stream.Kind) (parquet.Node, error) {
	var n parquet.Node
	switch k {
	case stream.String:
		n = parquet.String()
	case stream.JSON:
		n = parquet.JSON()
	case stream.Int:
		n = parquet.Int(64)
	case stream.Timestamp:
		n = parquet.Timestamp(parquet.Microsecond)
	case stream.Float:
		n = parquet.Leaf(parquet.DoubleType)
	case stream.Bool:
		n = parquet.Leaf(parquet.BooleanType)
	default:
		return nil, fmt.Errorf("the type %q is not one a table can keep", k)
	}
	return parquet.Optional(n), nil
}
