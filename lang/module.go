package lang

import (
	"path"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/inlay-sync/inlay/addr"
)

// moduleNode is a module block with its instances.
type moduleNode struct {
	*node
	scope     *scope
	name      string
	block     *hcl.Block
	folder    *folder
	keyed     bool
	broken    bool
	instances []*moduleInstance
}

type moduleInstance struct {
	key   string
	scope *scope
}

func newModuleNode(s *scope, name string, b *hcl.Block) *moduleNode {
	m := &moduleNode{scope: s, name: name, block: b}
	m.node = &node{name: "module." + name, in: s.path, at: b.DefRange, run: m.evaluate, make: m.object}
	return m
}

// evaluate reads the module's folder and makes a scope for each instance. The scopes are
// evaluated when something in them is needed.
func (m *moduleNode) evaluate() {
	s := m.scope
	m.broken = true
	src, _, diags := m.block.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "source"}, {Name: "for_each"}}})
	s.found.addAll(diags)
	attrs, diags := m.block.Body.JustAttributes()
	s.found.addAll(diags)
	a := src.Attributes["source"]
	if a == nil {
		for _, name := range sortedKeys(attrs) {
			if addr.Nearest(name, []string{"source"}) != "" {
				s.found.error(sumModuleArgument, attrs[name].NameRange, "The folder of a module is given by its source. Did you mean \"source\"?")
				return
			}
		}
		s.found.error(sumMissing, m.block.DefRange, "A module needs a source: the path of the folder it is in, beginning with ./ or ../.")
		return
	}
	dir, ok := m.sourceDir(a)
	if !ok {
		return
	}
	if m.folder = s.load.folder(dir, a.Expr.Range()); m.folder == nil || !m.checkArguments(attrs) {
		return
	}
	m.broken = false
	forEach := src.Attributes["for_each"]
	if forEach == nil {
		m.instances = []*moduleInstance{m.instance(attrs, nil)}
		return
	}
	m.keyed = true
	all, ok := s.forEach(forEach.Expr, nil)
	m.broken = !ok
	for _, e := range all {
		m.instances = append(m.instances, m.instance(attrs, e))
	}
}

// sourceDir returns the module's folder relative to the loaded one.
func (m *moduleNode) sourceDir(a *hcl.Attribute) (string, bool) {
	s := m.scope
	v, ok := constant(a, s.found)
	if !ok {
		return "", false
	}
	written, isText := text(v)
	if !isText || !strings.HasPrefix(written, "./") && !strings.HasPrefix(written, "../") {
		s.found.error(sumModuleSource, a.Expr.Range(), "The source of a module is the path of a folder, beginning with ./ or ../ and relative to this one, as in \"./modules/workspace\".")
		return "", false
	}
	dir := path.Join(s.folder.dir, written)
	for up := s; up != nil; up = up.parent {
		if up.folder.dir == dir {
			s.found.error(sumModuleCycle, a.Expr.Range(), "The folder %s is being read for this very module, so it would contain itself without end.", displayDir(dir))
			return "", false
		}
	}
	return dir, true
}

// folder reads the declarations of a folder, once; nil when there are none.
func (l *load) folder(dir string, from hcl.Range) *folder {
	if f, ok := l.folders[dir]; ok {
		return f
	}
	l.folders[dir] = nil
	bodies := l.reader.configs(dir, from)
	if len(bodies) == 0 {
		return nil
	}
	l.folders[dir] = sortOut(dir, bodies, l.found)
	return l.folders[dir]
}

func isMetaArgument(name string) bool { return name == "source" || name == "for_each" }

func (m *moduleNode) checkArguments(attrs hcl.Attributes) bool {
	s, ok := m.scope, true
	known := sortedKeys(m.folder.variables)
	for _, name := range sortedKeys(attrs) {
		if !isMetaArgument(name) && m.folder.variables[name] == nil {
			s.found.error(sumModuleArgument, attrs[name].NameRange, "The module declares no variable %q.%s", name, hint(name, known))
		}
	}
	probe := &scope{load: s.load, folder: m.folder}
	for _, name := range known {
		if v := probe.variable(name); attrs[name] == nil && v.def == cty.NilVal && !v.broken && !m.misspeltArgument(attrs, name) {
			s.found.error(sumModuleInput, m.block.DefRange, "The module needs a value for its variable %q, declared at %s.", name, where(v.at))
			ok = false
		}
	}
	return ok
}

// misspeltArgument reports whether an unknown argument was probably meant to be name.
func (m *moduleNode) misspeltArgument(attrs hcl.Attributes, name string) bool {
	for written := range attrs {
		if !isMetaArgument(written) && m.folder.variables[written] == nil && addr.Nearest(written, []string{name}) != "" {
			return true
		}
	}
	return false
}

func (m *moduleNode) instance(attrs hcl.Attributes, e *each) *moduleInstance {
	s := m.scope
	p := "module." + m.name
	if e != nil {
		p += "[" + strconv.Quote(e.key) + "]"
	}
	if s.path != "" {
		p = s.path + "." + p
	}
	var child *scope
	child = newScope(s.load, p, m.folder, func(v *variable) cty.Value {
		a := attrs[v.name]
		if a == nil {
			if v.def == cty.NilVal {
				return cty.UnknownVal(v.typ)
			}
			return child.accept(v, v.def, v.at, "by default")
		}
		return child.accept(v, s.eval(a.Expr, e), a.Expr.Range(), "as the module is given it")
	})
	child.parent = s
	key := ""
	if e != nil {
		key = e.key
	}
	return &moduleInstance{key: key, scope: child}
}

// object holds the outputs of the module, or of each instance by key. Only resolveModule
// asks for single outputs, so that two modules may use one another's.
func (m *moduleNode) object() cty.Value {
	if m.broken {
		return cty.DynamicVal
	}
	if !m.keyed {
		return m.instances[0].object()
	}
	all := map[string]cty.Value{}
	for _, i := range m.instances {
		all[i.key] = i.object()
	}
	return cty.ObjectVal(all)
}

func (i *moduleInstance) object() cty.Value {
	out := map[string]cty.Value{}
	for name, n := range i.scope.outputs {
		out[name] = i.scope.graph.valueOf(n, n.at)
	}
	return cty.ObjectVal(out)
}

// resolveModule makes the part of a module available that a reference names: one output,
// where it is written as module.NAME.OUTPUT.
func (s *scope) resolveModule(t hcl.Traversal, n *names) {
	name, ok := stepName(t, 1)
	if !ok {
		s.found.error(sumIncomplete, t.SourceRange(), "After module comes the name of a module and of one of its outputs: module.NAME.OUTPUT.")
		n.putRoot("module", cty.DynamicVal)
		return
	}
	m := s.modules[name]
	if m == nil && s.folder.ghosts["module."+name] {
		n.put("module", name, cty.DynamicVal)
		return
	}
	if m == nil {
		s.found.error(sumUnknownReference, t.SourceRange(), "No module is called %q.%s", name, hint(name, sortedKeys(s.modules)))
		n.put("module", name, cty.DynamicVal)
		return
	}
	if !s.graph.ensure(m.node, t.SourceRange()) || m.broken {
		n.put("module", name, cty.DynamicVal)
		return
	}
	output, ok := stepName(t, 2)
	if m.keyed || !ok {
		n.put("module", name, s.graph.valueOf(m.node, t.SourceRange()))
		return
	}
	s.resolveOutput(m, output, t, n)
}

func (s *scope) resolveOutput(m *moduleNode, output string, t hcl.Traversal, n *names) {
	child := m.instances[0].scope
	node := child.outputs[output]
	had, _ := n.flat["module"][m.name]
	fields := map[string]cty.Value{}
	if had != cty.NilVal && had.Type().IsObjectType() {
		fields = had.AsValueMap()
		if fields == nil {
			fields = map[string]cty.Value{}
		}
	}
	if node == nil {
		s.found.error(sumUnknownReference, t.SourceRange(), "The module %q has no output %q.%s", m.name, output, hint(output, sortedKeys(child.outputs)))
		fields[output] = cty.DynamicVal
	} else {
		fields[output] = s.graph.valueOf(node, t.SourceRange())
	}
	n.put("module", m.name, cty.ObjectVal(fields))
}
