package schema

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"
)

// object is a piece of JSON Schema.
type object = map[string]any

// generator turns declared types into definitions of one document.
type generator struct {
	*source
	t    *testing.T
	defs object
	// fixed gives a member a schema of its own, by "report.planJSON.type".
	fixed map[string]object
}

// plainTypes are schemas of types that write themselves.
var plainTypes = map[name]object{
	{"addr", "Address"}:    {"$ref": "#/$defs/address"},
	{"time", "Time"}:       {"type": "string", "format": "date-time"},
	{"time", "Duration"}:   {"type": "integer", "description": "nanoseconds"},
	{"setting", "Values"}:  {"type": "object", "description": "settings by name; none of them is a secret"},
	{"", "string"}:         {"type": "string"},
	{"", "bool"}:           {"type": "boolean"},
	{"", "int"}:            {"type": "integer"},
	{"", "int64"}:          {"type": "integer"},
	{"", "float64"}:        {"type": "number"},
	{"", "any"}:            {},
	{"stream", "Bookmark"}: {"type": "string", "description": "a saved position, which only its provider reads"},
}

// address is the text form of the name of a block.
func address() object {
	return object{
		"type": "string", "description": "the name of a block: target.parquet.users, or target.parquet.all[\"tags\"] under for_each",
		"pattern": `^(module\..+\.)?((connection|source|target)\.[^.]+\.|schedule\.)[^.\[]+(\[".*"\])?$`,
	}
}

// of is the schema of a type.
func (g *generator) of(pkg string, e ast.Expr) object {
	g.t.Helper()
	switch e := e.(type) {
	case *ast.StarExpr:
		return g.of(pkg, e.X)
	case *ast.ArrayType:
		return object{"type": "array", "items": g.of(pkg, e.Elt)}
	case *ast.MapType:
		out := object{"type": "object", "additionalProperties": g.of(pkg, e.Value)}
		if key := g.of(pkg, e.Key); key["$ref"] != nil {
			out["propertyNames"] = key
		}
		return out
	case *ast.Ident:
		if s, ok := plainTypes[name{"", e.Name}]; ok {
			return s
		}
	}
	n, d := g.lookup(g.t, pkg, e)
	if s, ok := plainTypes[n]; ok {
		if n.typ == "Address" {
			g.defs["address"] = address()
		}
		return s
	}
	if d == nil {
		g.t.Fatalf("the type %s.%s is not known here", n.pkg, n.typ)
	}
	return g.named(n, d)
}

// named refers to a declared type, and defines it if that was not done yet.
func (g *generator) named(n name, d *declared) object {
	key := n.pkg + "." + strings.ToUpper(n.typ[:1]) + n.typ[1:]
	ref := object{"$ref": "#/$defs/" + key}
	if g.defs[key] != nil {
		return ref
	}
	def := object{}
	g.defs[key] = def // before its members, which may be of the type itself
	if st, ok := d.expr.(*ast.StructType); ok {
		g.object(n, st, def)
	} else {
		for k, v := range g.of(n.pkg, d.expr) {
			def[k] = v
		}
		g.enum(n, def)
	}
	if d.doc != "" {
		def["description"] = d.doc
	}
	return ref
}

func (g *generator) object(n name, st *ast.StructType, into object) {
	properties, required := object{}, []string{}
	for _, m := range g.members(g.t, n.pkg, st) {
		s := g.fixed[n.pkg+"."+n.typ+"."+m.name]
		if s == nil {
			s = g.of(m.pkg, m.expr)
		}
		p := object{}
		for k, v := range s {
			p[k] = v
		}
		if m.doc != "" {
			p["description"] = m.doc
		}
		properties[m.name] = p
		if !m.optional {
			required = append(required, m.name)
		}
	}
	into["type"], into["properties"], into["required"], into["additionalProperties"] = "object", properties, required, false
}

// enum lists the values of a closed set.
func (g *generator) enum(n name, into object) {
	values := g.values[n]
	if len(values) == 0 {
		return
	}
	var list []any
	for _, v := range values {
		one := object{"const": v.value}
		if v.doc != "" {
			one["description"] = v.doc
		}
		list = append(list, one)
	}
	into["oneOf"] = list
}

// document is a whole schema: a title, and one of the roots.
func (g *generator) document(title, description string, roots ...name) object {
	var refs []any
	for _, n := range roots {
		d := g.types[n]
		if d == nil {
			g.t.Fatalf("there is no type %v", n)
		}
		refs = append(refs, g.named(n, d))
	}
	out := object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, "description": description, "$defs": g.defs,
	}
	if len(refs) == 1 {
		out["$ref"] = refs[0].(object)["$ref"]
	} else {
		out["oneOf"] = refs
	}
	return out
}

// needs says which members an object has when its type is one of a few.
func needs(members []string, types ...string) object {
	var list []any
	for _, t := range types {
		list = append(list, t)
	}
	if len(members) == 0 {
		panic(fmt.Sprint("nothing is needed of ", types))
	}
	return object{
		"if":   object{"properties": object{"type": object{"enum": list}}},
		"then": object{"required": members},
	}
}
