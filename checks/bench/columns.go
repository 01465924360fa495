package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// places says where the service keeps the columns whose list it wraps in an object; it is
// written from the API's documentation.
func places() map[string]map[string][]string {
	return map[string]map[string][]string{
		"contacts": {
			"social_profiles": {"social_profiles", "data"},
			"tags":            {"tags", "data"}, "tags_count": {"tags", "total_count"},
			"notes": {"notes", "data"}, "notes_count": {"notes", "total_count"},
			"companies": {"companies", "data"}, "companies_count": {"companies", "total_count"},
			"opted_out_subscription_types": {"opted_out_subscription_types", "data"}, "opted_out_count": {"opted_out_subscription_types", "total_count"},
			"opted_in_subscription_types": {"opted_in_subscription_types", "data"}, "opted_in_count": {"opted_in_subscription_types", "total_count"},
		},
		"conversations": {
			"contacts":       {"contacts", "contacts"},
			"tags":           {"tags", "tags"},
			"teammates":      {"teammates", "admins"},
			"linked_objects": {"linked_objects", "data"}, "linked_objects_count": {"linked_objects", "total_count"},
		},
	}
}

// shapeOf is a stream's rows in places of the service's objects.
func shapeOf(name string) (stream.Shape, error) {
	streams := intercom.New().Streams(setting.Values{"api_version": "2.16"})
	i := slices.IndexFunc(streams, func(s stream.Stream) bool { return s.Name == name })
	if i < 0 {
		return stream.Shape{}, fmt.Errorf("there is no stream %s", name)
	}
	var sh stream.Shape
	for _, c := range streams[i].Columns {
		f := stream.Field{Column: c, From: []string{c.Name}}
		if at, ok := places()[name][c.Name]; ok {
			f.From = at
			for _, other := range []string{"type", "url", "has_more"} {
				sh.Omit = append(sh.Omit, []string{at[0], other})
			}
		}
		sh.Fields = append(sh.Fields, f)
	}
	return sh, nil
}

// fromJSON is a query that reads the objects of a file into the shape's columns, with the
// schema told and not guessed.
func fromJSON(sh stream.Shape, file string) string {
	types := map[string][]string{} // by the object's member: its type, or its members and theirs
	var order, columns []string
	for _, f := range sh.Fields {
		root := f.From[0]
		if _, ok := types[root]; !ok {
			order = append(order, root)
		}
		if len(f.From) == 1 {
			types[root] = []string{rawType(f.Type)}
		} else {
			types[root] = append(types[root], fmt.Sprintf("%q %s", f.From[1], rawType(f.Type)))
		}
		path := `"` + strings.Join(f.From, `"."`) + `"`
		columns = append(columns, fmt.Sprintf("%s AS %q", converted(f.Type, path, 0), f.Name))
	}
	var read []string
	for _, root := range order {
		t := types[root][0]
		if strings.HasPrefix(t, `"`) {
			t = "STRUCT(" + strings.Join(types[root], ", ") + ")"
		}
		read = append(read, fmt.Sprintf("'%s': '%s'", root, t))
	}
	return fmt.Sprintf("SELECT %s FROM read_json('%s', format='newline_delimited', maximum_object_size=200000000, columns={%s})",
		strings.Join(columns, ", "), file, strings.Join(read, ", "))
}

// rawType is a type as the service writes it: moments are numbers.
func rawType(t stream.Type) string {
	switch t.Kind {
	case stream.Int, stream.Timestamp:
		return "BIGINT"
	case stream.Float:
		return "DOUBLE"
	case stream.Bool:
		return "BOOLEAN"
	case stream.JSON:
		return "JSON"
	case stream.List:
		return rawType(*t.Elem) + "[]"
	case stream.Struct:
		var fields []string
		for _, f := range t.Fields {
			fields = append(fields, fmt.Sprintf("%q %s", f.Name, rawType(f.Type)))
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	}
	return "VARCHAR"
}

// converted turns numbers of seconds into moments, at every depth.
func converted(t stream.Type, value string, depth int) string {
	switch {
	case t.Kind == stream.Timestamp:
		return "to_timestamp(" + value + ")"
	case !hasMoment(t):
		return value
	case t.Kind == stream.List:
		x := fmt.Sprintf("x%d", depth)
		return fmt.Sprintf("list_transform(%s, lambda %s: %s)", value, x, converted(*t.Elem, x, depth+1))
	}
	var fields []string
	for _, f := range t.Fields {
		fields = append(fields, fmt.Sprintf("%q := %s", f.Name, converted(f.Type, fmt.Sprintf("%s.%q", value, f.Name), depth)))
	}
	return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN struct_pack(%s) END", value, strings.Join(fields, ", "))
}

func hasMoment(t stream.Type) bool {
	return t.Kind == stream.Timestamp || t.Elem != nil && hasMoment(*t.Elem) ||
		slices.ContainsFunc(t.Fields, func(c stream.Column) bool { return hasMoment(c.Type) })
}

// plainly leaves out what is JSON, whose text is another once it has been through a map.
func plainly(sh stream.Shape) stream.Shape {
	return stream.Shape{Fields: slices.DeleteFunc(slices.Clone(sh.Fields), func(f stream.Field) bool { return f.Type.Kind == stream.JSON })}
}

// fromParquet is a query for the shape's columns in Parquet files, JSON as text.
func fromParquet(sh stream.Shape, glob string) string {
	var columns []string
	for _, f := range sh.Fields {
		c := fmt.Sprintf("%q", f.Name)
		if f.Type.Kind == stream.JSON {
			c = fmt.Sprintf("CAST(%s AS VARCHAR) AS %[1]s", c)
		}
		columns = append(columns, c)
	}
	return fmt.Sprintf("SELECT %s FROM read_parquet('%s', hive_partitioning=false)", strings.Join(columns, ", "), glob)
}
