package lang

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/inlay-sync/inlay/addr"
)

// load is what the evaluation of one configuration has in common.
type load struct {
	catalogue Catalogue
	opt       Options
	reader    *reader
	found     *findings
	graph     *graph
	folders   map[string]*folder
	schemas   map[blockID]*schema
	unsetSeen map[mark]bool
	envReads  int // how often env() gave a value
	// skipped is where a value was passed over because it is not known; the reason must
	// have been reported.
	skipped []hcl.Range
	// resolved is the settings that were resolved last.
	resolved resolution
}

// scope is one folder being evaluated: the root, or one instance of a module.
type scope struct {
	*load
	path      string // "" at the root; "module.eu" or `module.eu["x"]`, nested ones joined by dots
	folder    *folder
	parent    *scope // the folder whose module block this is; nil at the root
	functions map[string]function.Function
	plainCtx  *hcl.EvalContext // for expressions that refer to nothing

	variables map[string]*node
	locals    map[string]*node
	blocks    map[blockID]*blockNode
	ids       []blockID // of blocks, in the order of their addresses; see blockIDs
	modules   map[string]*moduleNode
	outputs   map[string]*node
	// absent are the findings about names that do not exist, by name.
	absent map[string]*hcl.Diagnostic
}

// each is what each.key and each.value are in one instance.
type each struct {
	key   string
	value cty.Value // each.value
}

// newScope makes the nodes of a folder. given returns the value of a variable.
func newScope(l *load, path string, f *folder, given func(*variable) cty.Value) *scope {
	s := &scope{
		load: l, path: path, folder: f,
		variables: map[string]*node{},
		locals:    map[string]*node{},
		blocks:    map[blockID]*blockNode{},
		modules:   map[string]*moduleNode{},
		outputs:   map[string]*node{},
		absent:    map[string]*hcl.Diagnostic{},
	}
	s.functions = functions(s)
	s.plainCtx = &hcl.EvalContext{Functions: s.functions}
	for name := range f.variables {
		v := s.variable(name)
		s.variables[name] = s.valueNode("var."+name, v.at, func() cty.Value { return given(v) })
	}
	for name, a := range f.locals {
		s.locals[name] = s.valueNode("local."+name, a.Range, func() cty.Value { return s.eval(a.Expr, nil) })
	}
	for id, b := range f.blocks {
		s.blocks[id] = newBlockNode(s, id, b)
	}
	for name, b := range f.modules {
		s.modules[name] = newModuleNode(s, name, b)
	}
	for name, b := range f.outputs {
		s.outputs[name] = newOutputNode(s, name, b)
	}
	return s
}

// valueNode is a node whose evaluation is its value.
func (s *scope) valueNode(name string, at hcl.Range, value func() cty.Value) *node {
	n := &node{name: name, in: s.path, at: at}
	n.run = func() { n.value = value() }
	return n
}

// evaluate runs every node of the scope, so that what nothing refers to is checked too.
func (s *scope) evaluate() {
	all := []*node{}
	for _, m := range []map[string]*node{s.variables, s.locals, s.outputs} {
		for _, name := range sortedKeys(m) {
			all = append(all, m[name])
		}
	}
	for _, id := range s.blockIDs() {
		all = append(all, s.blocks[id].node)
	}
	for _, name := range sortedKeys(s.modules) {
		all = append(all, s.modules[name].node)
	}
	slices.SortStableFunc(all, func(a, b *node) int {
		return cmp.Or(cmp.Compare(a.at.Filename, b.at.Filename), cmp.Compare(a.at.Start.Byte, b.at.Start.Byte))
	})
	for _, n := range all {
		s.graph.ensure(n, n.at)
	}
	for _, name := range sortedKeys(s.modules) {
		for _, child := range s.modules[name].instances {
			child.scope.evaluate()
		}
	}
}

// blockIDs returns the names of the scope's blocks in the order of their addresses.
func (s *scope) blockIDs() []blockID {
	if s.ids != nil {
		return s.ids
	}
	ids := make([]blockID, 0, len(s.blocks))
	for id := range s.blocks {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b blockID) int { return s.address(a, nil).Compare(s.address(b, nil)) })
	s.ids = ids
	return ids
}

// address is the address of a block, or of one of its instances.
func (s *scope) address(id blockID, e *each) addr.Address {
	a := addr.Address{Module: s.path, Kind: id.kind, Type: id.typ, Name: id.name}
	if e != nil {
		a.Key, a.Keyed = e.key, true
	}
	return a
}
