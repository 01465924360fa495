package diagnostics

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// inSource are the messages as the program's files write them, with … for what a run fills
// in: those of the rooms that find something wrong, by summary.
func inSource(t *testing.T) map[string]message {
	files := map[string]*ast.File{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.Contains(" testdata node_modules checks tools docs examples sandbox reference ", " "+d.Name()+" "):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files[path], err = parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s := source{constants: map[string]string{}, found: map[string]message{}}
	for _, f := range files {
		ast.Inspect(f, s.constant)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) { // the first of two with one summary is shown
		ast.Inspect(files[name], s.literal)
	}
	if len(s.found) < 100 {
		t.Fatalf("only %d messages were found; the program or this test has changed its form", len(s.found))
	}
	return s.found
}

type source struct {
	constants map[string]string // sumPathTaken: "Path is taken"
	found     map[string]message
}

func (s source) constant(n ast.Node) bool {
	if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == 1 && len(v.Values) == 1 && strings.HasPrefix(v.Names[0].Name, "sum") {
		s.constants[v.Names[0].Name], _ = s.text(v.Values[0])
	}
	return true
}

// literal finds a message where it is made: a value with Summary and Detail, or a call or
// value in which a summary stands before its detail.
func (s source) literal(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CompositeLit:
		var summary, detail ast.Expr
		for _, e := range n.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			switch k, _ := kv.Key.(*ast.Ident); {
			case k == nil:
			case k.Name == "Summary":
				summary = kv.Value
			case k.Name == "Detail":
				detail = kv.Value
			}
		}
		if summary != nil {
			s.keep(summary, detail)
			return true
		}
		s.pairs(n.Elts)
	case *ast.CallExpr:
		first, _ := n.Fun.(*ast.Ident)
		if known := len(n.Args) > 0 && s.isConstant(n.Args[0]); known || first != nil && (first.Name == "unauthorized" || first.Name == "add") {
			s.pairs(n.Args)
		}
	case *ast.ReturnStmt:
		s.pairs(n.Results)
	}
	return true
}

func (s source) isConstant(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && s.constants[id.Name] != ""
}

func called(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// pairs keeps a text that has the form of a summary and stands before another text.
func (s source) pairs(list []ast.Expr) {
	for i := 0; i+1 < len(list); i++ {
		if summary, whole := s.text(list[i]); whole && likeSummary.MatchString(summary) {
			detail := list[i+1]
			for _, e := range list[i+1:] { // after an address or a place in a file
				if text, _ := s.text(e); text != "…" {
					detail = e
					break
				}
			}
			s.keep(list[i], detail)
			return
		}
	}
}

var likeSummary = regexp.MustCompile(`^[A-Z][a-z]+( [a-zA-Z'_-]+)+$`)

func (s source) keep(summary, detail ast.Expr) {
	text, whole := s.text(summary)
	if _, known := s.found[text]; !whole || known || text == "" {
		return
	}
	said, _ := s.text(detail)
	if said = verb.ReplaceAllString(said, "…"); strings.Trim(said, "…: .") == "" {
		said = "What is wrong and what to do depends on the case, and is told with it."
	}
	s.found[text] = message{Severity: "Error", Summary: text, Detail: said}
}

var verb = regexp.MustCompile(`%[-+#]?[0-9.]*[a-zA-Z]`)

// text is what an expression writes, with … for what is not written there; whole says that
// there is no such thing.
func (s source) text(e ast.Expr) (text string, whole bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		text, ok := s.constants[e.Name]
		if ok {
			return text, true
		}
	case *ast.BinaryExpr:
		a, first := s.text(e.X)
		b, second := s.text(e.Y)
		return a + b, first && second
	case *ast.CallExpr:
		if called(e) == "Sprintf" && len(e.Args) > 0 {
			format, _ := s.text(e.Args[0])
			return strings.ReplaceAll(verb.ReplaceAllString(format, "…"), "%%", "%"), false
		}
	}
	return "…", false
}
