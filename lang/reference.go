package lang

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/inlay-sync/inlay/addr"
)

// names gathers the values that the references of one expression stand for, in the form
// HCL looks them up in.
type names struct {
	flat map[string]map[string]cty.Value            // var, local, module, schedule, path
	deep map[string]map[string]map[string]cty.Value // connection, source, target
	root map[string]cty.Value                       // each, and whatever is unknown
}

func (n *names) put(root, name string, v cty.Value) {
	if n.flat[root] == nil {
		if n.flat == nil {
			n.flat = map[string]map[string]cty.Value{}
		}
		n.flat[root] = map[string]cty.Value{}
	}
	n.flat[root][name] = v
}

func (n *names) putBlock(id blockID, v cty.Value) {
	if id.kind == addr.Schedule {
		n.put(string(id.kind), id.name, v)
		return
	}
	root := string(id.kind)
	if n.deep == nil {
		n.deep = map[string]map[string]map[string]cty.Value{}
	}
	if n.deep[root] == nil {
		n.deep[root] = map[string]map[string]cty.Value{}
	}
	if n.deep[root][id.typ] == nil {
		n.deep[root][id.typ] = map[string]cty.Value{}
	}
	n.deep[root][id.typ][id.name] = v
}

func (n *names) putRoot(name string, v cty.Value) {
	if n.root == nil {
		n.root = map[string]cty.Value{}
	}
	n.root[name] = v
}

func (n *names) variables() map[string]cty.Value {
	out := make(map[string]cty.Value, len(n.flat)+len(n.deep)+len(n.root))
	for root, m := range n.flat {
		out[root] = cty.ObjectVal(m)
	}
	for root, types := range n.deep {
		byType := make(map[string]cty.Value, len(types))
		for t, m := range types {
			byType[t] = cty.ObjectVal(m)
		}
		out[root] = cty.ObjectVal(byType)
	}
	for name, v := range n.root {
		out[name] = v
	}
	return out
}

// context makes everything available that the references of an expression name. A name
// that does not exist is reported here, once, and unknown to the expression.
func (s *scope) context(refs []hcl.Traversal, e *each) *hcl.EvalContext {
	if len(refs) == 0 {
		return s.plainCtx
	}
	var n names
	for _, t := range refs {
		s.resolve(t, e, &n)
	}
	return &hcl.EvalContext{Variables: n.variables(), Functions: s.functions}
}

func (s *scope) resolve(t hcl.Traversal, e *each, n *names) {
	switch root := t.RootName(); root {
	case "var":
		s.resolveNamed(t, "variable", s.variables, n)
	case "local":
		s.resolveNamed(t, "local value", s.locals, n)
	case "module":
		s.resolveModule(t, n)
	case "connection", "source", "target", "schedule":
		s.resolveBlock(t, n)
	case "path":
		n.put(root, "module", cty.StringVal(s.folder.dir))
		n.put(root, "root", cty.StringVal("."))
	case "each":
		if e == nil {
			s.found.error(sumEachOutside, t.SourceRange(), "each.key and each.value exist only in a block that has for_each.")
			n.putRoot(root, cty.DynamicVal)
			return
		}
		n.putRoot(root, cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(e.key), "value": e.value}))
	default:
		s.unknownRoot(t, root)
		n.putRoot(root, cty.DynamicVal)
	}
}

func (s *scope) unknownRoot(t hcl.Traversal, root string) {
	known := roots[:]
	detail := fmt.Sprintf("Nothing is called %q. A reference begins with one of %s.", root, list(known, "and"))
	if near := addr.Nearest(root, known); near != "" {
		detail = fmt.Sprintf("Nothing is called %q. Did you mean %q?", root, near)
	} else if len(t) == 1 {
		detail += " A text is written in quotes."
	}
	s.found.error(sumUnknownReference, t.SourceRange(), "%s", detail)
}

func (s *scope) resolveNamed(t hcl.Traversal, kind string, nodes map[string]*node, n *names) {
	root := t.RootName()
	name, ok := stepName(t, 1)
	if !ok {
		s.found.error(sumIncomplete, t.SourceRange(), "After %s comes the name of a %s: %s.NAME.", root, kind, root)
		n.putRoot(root, cty.DynamicVal)
		return
	}
	node := nodes[name]
	if node == nil && s.folder.ghosts[root+"."+name] {
		n.put(root, name, cty.DynamicVal)
		return
	}
	if node == nil {
		s.unknown(root+"."+name, t.SourceRange(), fmt.Sprintf("No %s is called %q.%s%s", kind, name, hint(name, sortedKeys(nodes)), s.declareHint(kind, name, len(nodes))))
		n.put(root, name, cty.DynamicVal)
		return
	}
	n.put(root, name, s.graph.valueOf(node, t.SourceRange()))
}

// unknown reports a name that does not exist, once, however many places refer to it.
func (s *scope) unknown(name string, at hcl.Range, detail string) {
	first := s.absent[name]
	switch {
	case first == nil:
		d := problem(sumUnknownReference, at, "%s", detail)
		s.absent[name] = d
		s.found.add(d)
	case *first.Subject != at && !strings.Contains(first.Detail, where(at)+"."):
		first.Detail += " It is referred to again at " + where(at) + "."
	}
}

func (s *scope) declareHint(kind, name string, known int) string {
	if kind == "variable" && known == 0 {
		return fmt.Sprintf(" Declare it: variable %q {}.", name)
	}
	return ""
}

// resolveBlock finds the block a traversal begins with. Only what the reference needs is
// evaluated.
func (s *scope) resolveBlock(t hcl.Traversal, n *names) {
	b, id, problem := s.findBlock(t)
	if problem != nil {
		s.found.add(problem)
		n.putBlockOrRoot(t, id)
		return
	}
	n.putBlock(id, s.graph.valueOf(b.node, t.SourceRange()))
}

func (n *names) putBlockOrRoot(t hcl.Traversal, id blockID) {
	if id == (blockID{}) {
		n.putRoot(t.RootName(), cty.DynamicVal)
		return
	}
	n.putBlock(id, cty.DynamicVal)
}

// findBlock returns the block that the first steps of a traversal name. On failure id is
// still set when enough was written to say which block was meant.
func (s *scope) findBlock(t hcl.Traversal) (*blockNode, blockID, *hcl.Diagnostic) {
	kind := addr.Kind(t.RootName())
	id := blockID{kind: kind}
	var ok bool
	if kind == addr.Schedule {
		id.name, ok = stepName(t, 1)
	} else {
		id.typ, ok = stepName(t, 1)
		if name, has := stepName(t, 2); ok && has {
			id.name = name
		} else {
			ok = false
		}
	}
	if !ok {
		return nil, blockID{}, problem(sumIncomplete, t.SourceRange(), "A reference to a %s is written %s%s", kind, referenceForm(kind), declaredList(s.namesOf(kind)))
	}
	b := s.blocks[id]
	if b == nil && s.declaredAskew(id) {
		return nil, id, silent
	}
	if b == nil {
		s.unknown(id.String(), t.SourceRange(), fmt.Sprintf("No %s is declared as %s.%s", kind, id, hint(id.String(), s.namesOf(kind))))
		return nil, id, silent
	}
	return b, id, nil
}

func declaredList(names []string) string {
	if len(names) == 0 || len(names) > 24 {
		return "."
	}
	return "." + thereAre(len(names)) + list(names, "and") + "."
}

func referenceForm(kind addr.Kind) string {
	switch kind {
	case addr.Schedule:
		return "schedule.NAME"
	case addr.Target:
		return "target.FORMAT.NAME"
	}
	return string(kind) + ".PROVIDER.NAME"
}

// namesOf lists the declared blocks of a kind as references are written.
func (s *scope) namesOf(kind addr.Kind) []string {
	var out []string
	for _, id := range s.blockIDs() {
		if id.kind == kind {
			out = append(out, id.String())
		}
	}
	return out
}

// stepName returns the name in step i, written .name or ["name"].
func stepName(t hcl.Traversal, i int) (string, bool) {
	if i >= len(t) {
		return "", false
	}
	switch step := t[i].(type) {
	case hcl.TraverseAttr:
		return step.Name, true
	case hcl.TraverseIndex:
		return text(step.Key)
	}
	return "", false
}

// traversalText writes a traversal as it was written, more or less.
func traversalText(t hcl.Traversal) string {
	var b strings.Builder
	for i, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(step.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + step.Name)
		default:
			name, _ := stepName(t, i)
			b.WriteString(fmt.Sprintf("[%q]", name))
		}
	}
	return b.String()
}
