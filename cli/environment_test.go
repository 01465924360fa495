package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEnvironment: every variable that the source asks the environment for is declared, and
// every one that is declared is asked for.
func TestEnvironment(t *testing.T) {
	asked := map[string]string{
		// Those that are not asked for by a call with their name, and where they are.
		"INLAY_VAR_name": "lang", "INLAY_CREDENTIALS": "project", "XDG_CONFIG_HOME": "project", "HOME": "project", "USERPROFILE": "project",
		"HTTPS_PROXY": "providers/internal/rest", "GOGC": "main.go", "AWS_ACCESS_KEY_ID": "internal/objects/s3", "AWS_ENDPOINT_URL": "internal/objects/s3",
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains([]string{"checks", "tools", "docs", "node_modules", "testdata", "objectstest", "engines", "targets"}, d.Name()) || len(d.Name()) > 2 && d.Name()[0] == '.'):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if name, ok := asksFor(n); ok {
				asked[name] = path
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// The first is for tests that stop the program between two writes; the second is told
	// in the words of GOMEMLIMIT.
	for _, other := range []string{"INLAY_CRASH", "GOGC"} {
		if asked[other] == "" {
			t.Errorf("nothing asks for %s any more", other)
		}
		delete(asked, other)
	}
	for _, v := range environment() {
		if asked[v.Name] == "" {
			t.Errorf("nothing asks for %s", v.Name)
		}
		delete(asked, v.Name)
	}
	for name, path := range asked {
		t.Errorf("%s asks for %s, which is not declared in environment()", path, name)
	}
}

// asksFor is the name in a call of Env, Getenv or LookupEnv.
func asksFor(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return "", false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"Env", "Getenv", "LookupEnv"}, f.Sel.Name) {
		return "", false
	}
	text, ok := call.Args[0].(*ast.BasicLit)
	if !ok || text.Kind != token.STRING {
		return "", false
	}
	name, err := strconv.Unquote(text.Value)
	return name, err == nil
}
