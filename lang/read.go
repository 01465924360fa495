package lang

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
)

// reader reads the files of one Load and remembers them: names are relative to the loaded
// folder, with slashes.
type reader struct {
	dir   string
	opt   Options
	texts map[string][]byte
	torn  map[string]int // files that were not read whole: where the first mistake is, in bytes
	found *findings
}

// maxDepth bounds how deep brackets may nest, so that no text can exhaust the stack.
const maxDepth = 500

func (r *reader) read(name string) ([]byte, error) {
	if src, ok := r.texts[name]; ok {
		return src, nil
	}
	at := filepath.FromSlash(name)
	if !filepath.IsAbs(at) {
		at = filepath.Join(r.dir, at)
	}
	src, err := r.opt.ReadFile(at)
	if err != nil {
		return nil, err
	}
	r.texts[name] = src
	return src, nil
}

// list returns the names of the files of a folder, without hidden and backup files, in
// the order of their names.
func (r *reader) list(dir string) ([]string, error) {
	entries, err := r.opt.ReadDir(filepath.Join(r.dir, filepath.FromSlash(dir)))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		n := e.Name()
		if e.IsDir() || strings.HasPrefix(n, ".") || strings.HasSuffix(n, "~") {
			continue
		}
		names = append(names, path.Join(dir, n))
	}
	return names, nil
}

// configs returns the bodies of the *.hcl and *.hcl.json files of a folder.
func (r *reader) configs(dir string, from hcl.Range) []hcl.Body {
	names, err := r.list(dir)
	if err != nil {
		r.found.error(sumUnreadable, from, "The folder %s cannot be read: %v. Make it, or name another folder%s.", displayDir(dir), cause(err), byFlag(dir))
		r.torn[dir] = 0
		return nil
	}
	var bodies []hcl.Body
	some := false
	for _, name := range names {
		if !isConfig(name) {
			continue
		}
		some = true
		if b := r.body(name, from); b != nil {
			bodies = append(bodies, b)
		}
	}
	if !some {
		r.found.error(sumNoFiles, from, "The folder %s has no file whose name ends in .hcl or .hcl.json, so nothing is declared there. Write one, or name another folder%s.", displayDir(dir), byFlag(dir))
	}
	return bodies
}

func isConfig(name string) bool {
	return strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".hcl.json")
}

func displayDir(dir string) string {
	if dir == "." {
		return "of this configuration"
	}
	return dir
}

// byFlag is how the folder of a configuration is named; a module's is named where it is used.
func byFlag(dir string) string {
	if dir == "." {
		return " with -chdir"
	}
	return " as the module's source"
}

// body parses one file of configuration or variables, by the ending of its name.
func (r *reader) body(name string, from hcl.Range) hcl.Body {
	src, err := r.read(name)
	if err != nil {
		r.found.error(sumUnreadable, from, "The file %s cannot be read: %v.", name, cause(err))
		r.torn[name] = 0
		return nil
	}
	b, diags := parse(src, name)
	r.found.addSyntax(diags)
	if diags.HasErrors() {
		r.torn[name] = firstMistake(diags)
	}
	return b
}

// parse returns the body of a text, as far as it can be made out.
func parse(src []byte, name string) (hcl.Body, hcl.Diagnostics) {
	if at, deep := tooDeep(src); deep {
		rng := hcl.Range{Filename: name, Start: hcl.Pos{Line: at, Column: 1}, End: hcl.Pos{Line: at, Column: 1}}
		return nil, hcl.Diagnostics{problem(sumTooDeep, rng, "Brackets nest more than %d deep or operators follow one another without end here. No configuration needs that; a closing bracket or a quotation mark is probably missing.", maxDepth)}
	}
	var file *hcl.File
	var diags hcl.Diagnostics
	if strings.HasSuffix(name, ".json") {
		file, diags = json.Parse(src, name)
	} else {
		if b, ok := parseInPieces(src, name); ok {
			return b, nil
		}
		file, diags = hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	}
	diags = onePerLine(diags, src)
	if file == nil || file.Body == nil {
		return nil, diags
	}
	return file.Body, diags
}

// maxOperators bounds how many operators one expression may chain, for the same reason.
const maxOperators = 20_000

// tooDeep looks for brackets that nest and operators that chain so far that working them
// out could exhaust the stack. It takes no notice of strings and comments, which errs on
// the side of refusing only where a text is hardly a configuration.
func tooDeep(src []byte) (line int, deep bool) {
	depth, parens, operators, line := 0, 0, 0, 1
	goesOn := false // the last sign was an operator
	for _, c := range src {
		operator := false
		switch c {
		case '\n':
			line++
			if parens == 0 && !goesOn {
				operators = 0
			}
			continue
		case ' ', '\t', '\r':
			continue
		case ',':
			operators = 0
		case '(':
			depth, parens = depth+1, parens+1
		case ')':
			depth, parens = max(0, depth-1), max(0, parens-1)
		case '[':
			depth, operator = depth+1, true
		case '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		case '+', '-', '*', '/', '%', '!', '?', ':', '&', '|', '<', '>', '=', '.':
			operator = true
		}
		if goesOn = operator; operator {
			operators++
		}
		if depth > maxDepth || operators > maxOperators {
			return line, true
		}
	}
	return 0, false
}

// files returns what was read, by name.
func (r *reader) files() []File {
	out := make([]File, 0, len(r.texts))
	for _, name := range sortedKeys(r.texts) {
		sum := sha256.Sum256(r.texts[name])
		out = append(out, File{Name: name, SHA256: hex.EncodeToString(sum[:])})
	}
	return out
}

// Files returns the files that fmt formats, relative to dir and in order: *.hcl and *.vars
// of the folder, with recursive also of the folders below it, hidden ones left out.
func Files(dir string, recursive bool) ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, e fs.DirEntry, err error) error {
		switch hidden := p != "." && strings.HasPrefix(e.Name(), "."); {
		case err != nil:
			return err
		case e.IsDir() && p != "." && (hidden || !recursive):
			return fs.SkipDir
		case !e.IsDir() && !hidden && (strings.HasSuffix(p, ".hcl") || strings.HasSuffix(p, ".vars")):
			names = append(names, filepath.FromSlash(p))
		}
		return nil
	})
	return names, err
}

// cause leaves out what an *fs.PathError says of the path, which the message says better.
func cause(err error) error {
	if e, ok := err.(*fs.PathError); ok {
		return e.Err
	}
	return err
}
