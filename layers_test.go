package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/inlay-sync/inlay"

// room says what one package may reach: which packages of ours, which libraries, and
// which parts of the outside world. The table below is the picture of the house; the test
// fails for an arrow that is not in it, and for one in it that nothing uses.
type room struct {
	ours      string // packages of ours, by folder
	libraries string // modules of others, by the beginning of their path
	outside   string // disk, network, clock, process
}

var house = map[string]room{
	// main names the providers and hands over the world.
	".": {ours: "cli internal/objects/s3 project providers providers/intercom", outside: "clock process"},

	// Speech.
	"cli":              {ours: "addr convert internal/objects lang plan project providers providers/intercom/sandbox report report/reference schedule/export serve setting state stream table", libraries: "github.com/urfave/cli/v3 golang.org/x/term", outside: "disk process"},
	"report/reference": {ours: "addr lang plan providers setting stream"},
	"report":           {ours: "addr apply plan providers setting state stream table", libraries: "github.com/hashicorp/hcl/v2 golang.org/x/text"},

	// The daemon and its page, and those it tells.
	"serve":         {ours: "addr apply plan project providers report serve/webhook setting state table", outside: "network"},
	"serve/webhook": {ours: "addr report setting state", outside: "network"},

	// One folder of configuration, with its state and tables.
	"project": {ours: "addr apply internal/durable internal/objects lang plan providers schedule setting spec state stream table", outside: "disk process"},

	// Action, decision, and what the person wrote.
	"apply": {ours: "addr plan providers setting spec state stream table"},
	"plan":  {ours: "addr lang schedule setting spec state stream table"},
	"lang":  {ours: "addr condition internal/objects schedule setting stream", libraries: "github.com/hashicorp/hcl/v2 github.com/zclconf/go-cty", outside: "disk"},

	// Tables in Iceberg catalogs: a module of its own, a program with the commands of inlay.
	"targets/iceberg":               {ours: "project providers setting spec stream table", libraries: "github.com/apache/arrow-go github.com/apache/iceberg-go github.com/aws/aws-sdk-go-v2 github.com/lib/pq golang.org/x/sync modernc.org/sqlite", outside: "network"},
	"targets/iceberg/inlay-iceberg": {ours: "cli internal/objects/s3 project providers providers/intercom targets/iceberg", outside: "clock process"},

	// The engine of many machines: a module of its own, called as `inlay temporal`.
	"engines/temporal":            {ours: "engines/temporal/command project providers providers/intercom", outside: "clock process"},
	"engines/temporal/command":    {ours: "cli engines/temporal/deployment engines/temporal/trigger engines/temporal/worker project report serve", libraries: "github.com/urfave/cli/v3 go.temporal.io/sdk", outside: "disk network"},
	"engines/temporal/worker":     {ours: "apply engines/temporal/trigger plan project providers report schedule serve state addr", libraries: "go.temporal.io/sdk"},
	"engines/temporal/deployment": {ours: "addr engines/temporal/trigger plan project providers schedule state", libraries: "go.temporal.io/api go.temporal.io/sdk"},
	"engines/temporal/trigger":    {ours: "addr schedule setting", libraries: "go.temporal.io/api go.temporal.io/sdk"},

	// The files of another service.
	"convert": {ours: "lang schedule setting", libraries: "go.yaml.in/yaml/v4"},

	// The services.
	"providers":                  {ours: "setting stream"},
	"providers/internal/rest":    {ours: "providers setting", libraries: "github.com/klauspost/compress", outside: "network"},
	"providers/intercom":         {ours: "providers providers/intercom/sandbox providers/internal/rest setting stream stream/decode", libraries: "golang.org/x/oauth2 golang.org/x/sync", outside: "network"},
	"providers/intercom/sandbox": {libraries: "github.com/klauspost/compress", outside: "network clock"},
	"providers/providertest":     {ours: "providers setting stream"},

	// Rows on disk, and what was declared and run.
	"table":                        {ours: "condition internal/durable internal/members internal/objects setting spec stream stream/decode table/chunk", libraries: "github.com/klauspost/compress github.com/parquet-go/parquet-go golang.org/x/sync"},
	"table/chunk":                  {ours: "stream", libraries: "github.com/parquet-go/parquet-go"},
	"state":                        {ours: "addr internal/durable internal/members internal/objects setting spec", libraries: "golang.org/x/sync"},
	"internal/durable/durabletest": {ours: "internal/durable", outside: "disk process"},
	"internal/objects":             {outside: "clock"},
	"internal/objects/s3":          {ours: "internal/objects", libraries: "github.com/aws/aws-sdk-go-v2 github.com/aws/smithy-go golang.org/x/sync", outside: "clock network"},
	"internal/objects/objectstest": {ours: "internal/objects internal/objects/s3", libraries: "github.com/johannesboyne/gofakes3", outside: "clock disk network process"},
	"internal/members":             {},
	"internal/durable":             {libraries: "github.com/gofrs/flock golang.org/x/sys", outside: "clock disk process"},

	// The words all rooms share.
	"spec":            {ours: "setting stream"},
	"condition":       {ours: "stream"},
	"stream":          {},
	"stream/decode":   {ours: "stream"},
	"schedule":        {ours: "setting"},
	"schedule/export": {ours: "schedule setting"},
	"docs/recording":  {outside: "clock disk process"},
	"tools/module":    {outside: "disk process"},
	"tools/licences":  {ours: "tools/module", outside: "process"},
	"tools/bom":       {ours: "tools/module", outside: "process"},
	"tools/cronjob":   {libraries: "github.com/robfig/cron/v3 k8s.io/api k8s.io/apimachinery sigs.k8s.io/yaml", outside: "process"},
	"setting":         {},
	"addr":            {},
}

// TestLayers holds the code against the picture.
func TestLayers(t *testing.T) {
	seen := readHouse(t)
	for _, dir := range slices.Sorted(maps.Keys(seen)) {
		want, ok := house[dir]
		if !ok {
			t.Errorf("package %s is not in the picture: add it to the table above, with what it may reach", dir)
			continue
		}
		got := seen[dir]
		compare(t, dir, "imports our package", want.ours, got.ours)
		compare(t, dir, "imports the library", want.libraries, got.libraries)
		compare(t, dir, "touches the", want.outside, got.outside)
	}
	for dir := range house {
		if _, ok := seen[dir]; !ok {
			t.Errorf("package %s is in the picture and not in the house", dir)
		}
	}
}

func compare(t *testing.T, dir, what, want, got string) {
	t.Helper()
	w, g := strings.Fields(want), strings.Fields(got)
	for _, x := range g {
		if !slices.ContainsFunc(w, func(p string) bool { return p == x }) {
			t.Errorf("%s %s %s, which the picture does not allow", dir, what, x)
		}
	}
	for _, x := range w {
		if !slices.Contains(g, x) {
			t.Errorf("%s no longer %s %s: take the arrow out of the picture", dir, what, x)
		}
	}
}

// readHouse parses every package of the module, tests and examples left out.
func readHouse(t *testing.T) map[string]room {
	t.Helper()
	found := map[string]map[string]map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || name == "internal" && strings.HasPrefix(path, "checks")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "checks/") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if found[dir] == nil {
			found[dir] = map[string]map[string]bool{"ours": {}, "libraries": {}, "outside": {}}
		}
		readFile(dir, file, found[dir])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]room{}
	for dir, f := range found {
		out[dir] = room{ours: list(f["ours"]), libraries: list(f["libraries"]), outside: list(f["outside"])}
	}
	return out
}

func list(set map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(set)), " ") }

// libraries are the modules whose use is watched, by the beginning of their import path.
var libraries = []string{
	"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", "github.com/parquet-go/parquet-go", "golang.org/x/oauth2",
	"github.com/urfave/cli/v3", "github.com/gofrs/flock", "github.com/klauspost/compress",
	"github.com/robfig/cron/v3", "k8s.io/api", "k8s.io/apimachinery", "github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go",
	"go.temporal.io/api", "go.temporal.io/sdk",
}

func readFile(dir string, file *ast.File, into map[string]map[string]bool) {
	named := map[string]string{} // the name a file gives a package of the standard library
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		ours, isOurs := strings.CutPrefix(path, module+"/")
		switch {
		case isOurs:
			into["ours"][ours] = true
		case strings.Contains(strings.Split(path, "/")[0], "."):
			into["libraries"][library(path)] = true
		default:
			if path == "net" || strings.HasPrefix(path, "net/http") || path == "crypto/tls" {
				into["outside"]["network"] = true
			}
			named[base(path, spec.Name)] = path
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && id.Obj == nil {
			if o := outside(named[id.Name], sel.Sel.Name); o != "" {
				into["outside"][o] = true
			}
		}
		return true
	})
}

func base(path string, name *ast.Ident) string {
	if name != nil {
		return name.Name
	}
	return path[strings.LastIndex(path, "/")+1:]
}

func library(path string) string {
	for _, l := range libraries {
		if path == l || strings.HasPrefix(path, l+"/") {
			return l
		}
	}
	return strings.Join(strings.SplitN(path, "/", 4)[:min(3, strings.Count(path, "/")+1)], "/")
}

// outside names the part of the world that a function of the standard library reaches.
func outside(pkg, name string) string {
	switch pkg {
	case "time":
		switch name {
		case "Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep":
			return "clock"
		}
	case "os":
		switch name {
		case "Open", "OpenFile", "OpenRoot", "Create", "CreateTemp", "ReadFile", "WriteFile", "ReadDir", "Mkdir", "MkdirAll", "MkdirTemp", "Remove", "RemoveAll", "Rename", "Link", "Symlink", "Readlink", "Stat", "Lstat", "DirFS", "Chmod", "Truncate", "Root", "File", "Getwd", "UserConfigDir", "UserHomeDir":
			return "disk"
		case "Getenv", "LookupEnv", "Environ", "Exit", "Args", "Getpid", "Hostname", "FindProcess", "Stdin", "Stdout", "Stderr", "Setenv", "Chdir":
			return "process"
		}
	case "os/exec", "os/signal", "syscall":
		return "process"
	case "path/filepath":
		switch name {
		case "Walk", "WalkDir", "Glob", "EvalSymlinks", "Abs":
			return "disk"
		}
	}
	return ""
}
