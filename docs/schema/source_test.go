package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// source is what the packages of the documents declare, as it is written.
type source struct {
	types  map[name]*declared
	values map[name][]constant // the constants of a type
}

// name is a declared type.
type name struct{ pkg, typ string }

type declared struct {
	expr ast.Expr
	doc  string
}

type constant struct{ value, doc string }

// read parses the packages, tests left out.
func read(t *testing.T, packages ...string) *source {
	t.Helper()
	s := &source{types: map[name]*declared{}, values: map[name][]constant{}}
	for _, pkg := range packages {
		files, err := filepath.Glob("../../" + pkg + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("package %s: %d files, %v", pkg, len(files), err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				s.file(t, pkg, file)
			}
		}
	}
	return s
}

func (s *source) file(t *testing.T, pkg, path string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				doc := spec.Doc
				if doc == nil {
					doc = group.Doc
				}
				s.types[name{pkg, spec.Name.Name}] = &declared{spec.Type, words(doc, spec.Comment)}
			case *ast.ValueSpec:
				s.constant(pkg, group.Tok, spec)
			}
		}
	}
}

func (s *source) constant(pkg string, tok token.Token, spec *ast.ValueSpec) {
	id, ok := spec.Type.(*ast.Ident)
	if tok != token.CONST || !ok || len(spec.Values) != 1 {
		return
	}
	if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
		value, _ := strconv.Unquote(lit.Value)
		n := name{pkg, id.Name}
		s.values[n] = append(s.values[n], constant{value, words(spec.Doc, spec.Comment)})
	}
}

// member is one member of a JSON object.
type member struct {
	name     string
	expr     ast.Expr
	pkg      string // in which expr is to be read
	doc      string
	optional bool
}

// members are those that encoding/json writes for a struct: an embedded struct's too,
// where the struct itself has none of that name.
func (s *source) members(t *testing.T, pkg string, st *ast.StructType) []member {
	t.Helper()
	var own, inner []member
	for _, f := range st.Fields.List {
		tag := ""
		if f.Tag != nil {
			text, _ := strconv.Unquote(f.Tag.Value)
			tag = reflect.StructTag(text).Get("json")
		}
		if len(f.Names) == 0 && tag == "" {
			n, d := s.lookup(t, pkg, f.Type)
			inner = append(inner, s.members(t, n.pkg, d.expr.(*ast.StructType))...)
			continue
		}
		key, options, _ := strings.Cut(tag, ",")
		if key == "-" || len(f.Names) > 0 && !f.Names[0].IsExported() {
			continue
		}
		if key == "" {
			t.Fatalf("a field of %s has no name in JSON", pkg)
		}
		own = append(own, member{key, f.Type, pkg, words(f.Doc, f.Comment), strings.Contains(options, "omit")})
	}
	have := map[string]bool{}
	for _, m := range own {
		have[m.name] = true
	}
	for _, m := range inner {
		if !have[m.name] {
			own = append(own, m)
		}
	}
	return own
}

// lookup finds the type that an expression names.
func (s *source) lookup(t *testing.T, pkg string, e ast.Expr) (name, *declared) {
	t.Helper()
	n := name{pkg: pkg}
	switch e := e.(type) {
	case *ast.StarExpr:
		return s.lookup(t, pkg, e.X)
	case *ast.Ident:
		n.typ = e.Name
	case *ast.SelectorExpr:
		n = name{e.X.(*ast.Ident).Name, e.Sel.Name}
	}
	return n, s.types[n]
}

// words is a comment as one line of text.
func words(groups ...*ast.CommentGroup) string {
	var parts []string
	for _, g := range groups {
		if g != nil {
			parts = append(parts, strings.Join(strings.Fields(g.Text()), " "))
		}
	}
	return strings.Join(parts, " ")
}
