package iceberg

import (
	"slices"

	ice "github.com/apache/iceberg-go"
	icetable "github.com/apache/iceberg-go/table"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// newSchema is the schema of a table that is made: ids in the order of the columns.
func newSchema(columns []stream.Column) *ice.Schema {
	next := 0
	return ice.NewSchema(0, fields(columns, &next)...)
}

// fields are columns with ids after next. Everything may be null.
func fields(columns []stream.Column, next *int) []ice.NestedField {
	out := make([]ice.NestedField, len(columns))
	for i, c := range columns {
		*next++
		out[i] = ice.NestedField{ID: *next, Name: c.Name, Doc: c.Doc}
		out[i].Type = typeOf(c.Type, next)
	}
	return out
}

func typeOf(t stream.Type, next *int) ice.Type {
	switch t.Kind {
	case stream.Int:
		return ice.PrimitiveTypes.Int64
	case stream.Float:
		return ice.PrimitiveTypes.Float64
	case stream.Bool:
		return ice.PrimitiveTypes.Bool
	case stream.Timestamp:
		return ice.PrimitiveTypes.TimestampTz
	case stream.List:
		*next++
		l := &ice.ListType{ElementID: *next}
		l.Element = typeOf(*t.Elem, next)
		return l
	case stream.Struct:
		return &ice.StructType{FieldList: fields(t.Fields, next)}
	}
	return ice.PrimitiveTypes.String // JSON too: Iceberg's engines read it as text
}

// sameType compares types without their ids.
func sameType(a, b ice.Type) bool {
	switch a := a.(type) {
	case *ice.ListType:
		b, ok := b.(*ice.ListType)
		return ok && sameType(a.Element, b.Element)
	case *ice.StructType:
		b, ok := b.(*ice.StructType)
		return ok && slices.EqualFunc(a.FieldList, b.FieldList, func(x, y ice.NestedField) bool { return x.Name == y.Name && sameType(x.Type, y.Type) })
	}
	return a.Equals(b)
}

// inside are the fields of a struct, or of the structs in a list; nil for anything else.
func inside(t ice.Type) []ice.NestedField {
	switch t := t.(type) {
	case *ice.StructType:
		return t.FieldList
	case *ice.ListType:
		return inside(t.Element)
	}
	return nil
}

// evolve stages what makes the columns of the table those of a manifest: columns that go, come
// and are renamed. Each keeps its id for as long as it is the same column.
func evolve(txn *icetable.Transaction, t *icetable.Table, m table.Manifest) error {
	mapping := t.NameMapping()
	if mapping == nil {
		mapping = t.Schema().NameMapping()
	}
	next := 0
	have, want := t.Schema().Fields(), fields(m.Columns, &next)
	e := evolution{txn.UpdateSchema(true, true, icetable.WithNameMapping(mapping)), false}
	e.members(nil, have, want, renamed(have, want, readOrigins(t.Properties()[keyColumns]), originsOf(m)))
	if !e.changed {
		return nil
	}
	return e.update.Commit()
}

type evolution struct {
	update  *icetable.UpdateSchema
	changed bool
}

// members makes the fields of one struct, or of the table, those that are wanted. names are
// the new names of fields that have another one.
func (e *evolution) members(path []string, have, want []ice.NestedField, names map[string]string) {
	at := func(name string) []string { return append(slices.Clone(path), name) }
	kept := map[string]bool{} // by the name they have now
	for _, f := range have {
		if to := names[f.Name]; to != "" {
			e.update.RenameColumn(at(f.Name), to)
			e.changed, kept[to] = true, true
			continue
		}
		i := named(want, f.Name)
		kept[f.Name] = i >= 0 && e.field(at(f.Name), f.Type, want[i].Type)
		if !kept[f.Name] {
			e.update.DeleteColumn(at(f.Name))
			e.changed = true
		}
	}
	for _, f := range want {
		if !kept[f.Name] {
			e.update.AddColumn(at(f.Name), f.Type, f.Doc, false, nil)
			e.changed = true
		}
	}
}

// field makes a field's type the wanted one, if it can stay the same field: what is inside a
// struct, or a list of them, may change.
func (e *evolution) field(path []string, have, want ice.Type) bool {
	if sameType(have, want) {
		return true
	}
	if inside(have) == nil || have.Type() != want.Type() {
		return false
	}
	e.members(path, inside(have), inside(want), nil)
	return true
}

func named(list []ice.NestedField, name string) int {
	return slices.IndexFunc(list, func(f ice.NestedField) bool { return f.Name == name })
}
