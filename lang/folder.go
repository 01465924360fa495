package lang

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/inlay-sync/inlay/addr"
)

// folder is what the files of one folder declare, not yet evaluated. One folder may be
// used by several module blocks.
type folder struct {
	dir       string // relative to the loaded one, "." for itself
	inlay     *hcl.Block
	variables map[string]*hcl.Block
	locals    map[string]*hcl.Attribute
	blocks    map[blockID]*hcl.Block
	modules   map[string]*hcl.Block
	outputs   map[string]*hcl.Block
	moved     []*hcl.Block
	removed   []*hcl.Block
	parsed    map[string]*variable
	ghosts    map[string]bool // see ghosts
}

// blockID names a block of one of the four kinds within its folder.
type blockID struct {
	kind addr.Kind
	typ  string // "" for a schedule
	name string
}

func (id blockID) String() string {
	if id.kind == addr.Schedule {
		return "schedule." + id.name
	}
	return string(id.kind) + "." + id.typ + "." + id.name
}

var fileSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "inlay"},
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "locals"},
	{Type: "output", LabelNames: []string{"name"}},
	{Type: "module", LabelNames: []string{"name"}},
	{Type: "moved"},
	{Type: "removed"},
	{Type: "connection", LabelNames: []string{"provider", "name"}},
	{Type: "source", LabelNames: []string{"provider", "name"}},
	{Type: "target", LabelNames: []string{"format", "name"}},
	{Type: "schedule", LabelNames: []string{"name"}},
}}

// sortOut files the blocks of bodies by what they declare. A second declaration of one
// name is reported and left out.
func sortOut(dir string, bodies []hcl.Body, found *findings) *folder {
	f := &folder{
		dir:       dir,
		variables: map[string]*hcl.Block{},
		locals:    map[string]*hcl.Attribute{},
		blocks:    map[blockID]*hcl.Block{},
		modules:   map[string]*hcl.Block{},
		outputs:   map[string]*hcl.Block{},
		parsed:    map[string]*variable{},
		ghosts:    map[string]bool{},
	}
	for _, b := range bodies {
		content, diags := b.Content(fileSchema)
		found.addAll(diags)
		if diags.HasErrors() {
			ghosts(b, f.ghosts)
		}
		for _, block := range content.Blocks {
			f.file(block, found)
		}
	}
	return f
}

func (f *folder) file(b *hcl.Block, found *findings) {
	for i, l := range b.Labels {
		if i == len(b.Labels)-1 && !validName(l) {
			found.error(sumInvalidName, b.LabelRanges[i], "%q cannot be a name: a name begins with a letter or _ and goes on with letters, digits, _ and -.", l)
			return
		}
	}
	switch b.Type {
	case "inlay":
		f.fileInlay(b, found)
	case "variable":
		keep(f.variables, b.Labels[0], b, "variable", found)
	case "locals":
		f.fileLocals(b, found)
	case "output":
		keep(f.outputs, b.Labels[0], b, "output", found)
	case "module":
		keep(f.modules, b.Labels[0], b, "module", found)
	case "moved":
		f.moved = append(f.moved, b)
	case "removed":
		f.removed = append(f.removed, b)
	case "schedule":
		keep(f.blocks, blockID{addr.Schedule, "", b.Labels[0]}, b, "schedule", found)
	default:
		keep(f.blocks, blockID{addr.Kind(b.Type), b.Labels[0], b.Labels[1]}, b, b.Type, found)
	}
}

func (f *folder) fileInlay(b *hcl.Block, found *findings) {
	switch {
	case f.dir != ".":
		found.error(sumNotInModule, b.DefRange, "An inlay block stands in the root folder alone: a module has no warehouse and no state of its own.")
	case f.inlay != nil:
		found.error(sumDuplicate, b.DefRange, "There is already an inlay block, at %s. A configuration has one.", where(f.inlay.DefRange))
	default:
		f.inlay = b
	}
}

func (f *folder) fileLocals(b *hcl.Block, found *findings) {
	attrs, diags := b.Body.JustAttributes()
	found.addAll(diags)
	for name, a := range attrs {
		switch other := f.locals[name]; {
		case !validName(name):
			found.error(sumInvalidName, a.NameRange, "%q cannot be a name: a name begins with a letter or _ and goes on with letters, digits, _ and -.", name)
		case other != nil && before(a.NameRange, other.NameRange):
			f.locals[name] = a
			reportTwice(other.NameRange, a.NameRange, "local value", name, found)
		case other != nil:
			reportTwice(a.NameRange, other.NameRange, "local value", name, found)
		default:
			f.locals[name] = a
		}
	}
}

func keep[K comparable](m map[K]*hcl.Block, k K, b *hcl.Block, kind string, found *findings) {
	if other := m[k]; other != nil {
		reportTwice(b.DefRange, other.DefRange, kind, b.Labels[len(b.Labels)-1], found)
		return
	}
	m[k] = b
}

func reportTwice(at, first hcl.Range, kind, name string, found *findings) {
	found.error(sumDuplicate, at, "There is already %s %s %q, at %s. Give one of them another name.", article(kind), kind, name, where(first))
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an"
	}
	return "a"
}

func before(a, b hcl.Range) bool {
	return a.Filename < b.Filename || a.Filename == b.Filename && a.Start.Byte < b.Start.Byte
}

// validName says whether an address can hold the name.
func validName(name string) bool {
	ascii := !strings.ContainsFunc(name, func(r rune) bool { return r > 127 })
	return ascii && hclsyntax.ValidIdentifier(name)
}

// where writes a place for people: main.hcl:12.
func where(r hcl.Range) string { return fmt.Sprintf("%s:%d", r.Filename, r.Start.Line) }
