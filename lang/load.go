package lang

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/inlay-sync/inlay/addr"
)

// Load reads and evaluates the configuration in dir. The Config is never nil and holds all
// that could be made out, also when there are errors among the diagnostics.
func Load(dir string, c Catalogue, o Options) (*Config, Diagnostics) {
	o = o.withDefaults()
	found := &findings{}
	l := &load{
		catalogue: c, opt: o, found: found,
		reader:    &reader{dir: dir, opt: o, texts: map[string][]byte{}, torn: map[string]int{}, found: found},
		graph:     &graph{found: found},
		folders:   map[string]*folder{},
		schemas:   map[blockID]*schema{},
		unsetSeen: map[mark]bool{},
	}
	f := l.folder(".", hcl.Range{})
	if f == nil {
		f = sortOut(".", nil, found)
	}
	inputs := map[string]input{}
	var root *scope
	root = newScope(l, "", f, func(v *variable) cty.Value { return root.given(inputs)(v) })
	for name, in := range root.gatherInputs() {
		inputs[name] = in
	}
	cfg := &Config{Dir: dir, root: root, texts: l.reader.texts}
	root.evaluate()
	cfg.Inlay = root.inlay()
	cfg.Settled = l.settled(root, cfg)
	cfg.Outputs = root.listOutputs()
	cfg.Variables = root.describeVariables(inputs)
	l.assemble(cfg, root)
	l.checkConnections(cfg)
	l.checkSources(cfg)
	l.checkTargets(cfg)
	l.relocate(cfg, root)
	l.admitSkipped()
	cfg.Files = l.reader.files()
	root.release()
	return cfg, found.sorted()
}

// admitSkipped makes sure that no value is passed over in silence: when something was not
// known although nothing was reported, that itself is an error.
func (l *load) admitSkipped() {
	if len(l.skipped) > 0 && !l.found.list.HasErrors() {
		l.found.error(sumUnknownValue, l.skipped[0], "The value of this expression cannot be worked out here.")
	}
}

// release lets go of the text of blocks, which nobody asks for once they are decoded: it is
// half of the memory that many blocks need.
func (s *scope) release() {
	s.folder.blocks = nil
	for _, n := range s.blocks {
		n.block, n.run = nil, nil
	}
	for _, m := range s.modules {
		for _, i := range m.instances {
			i.scope.release()
		}
	}
}

// assemble lists the instances of all scopes by kind, sorted by address.
func (l *load) assemble(cfg *Config, s *scope) {
	n := map[addr.Kind]int{}
	s.count(n)
	cfg.Connections = make([]Connection, 0, n[addr.Connection])
	cfg.Sources = make([]Source, 0, n[addr.Source])
	cfg.Targets = make([]Target, 0, n[addr.Target])
	cfg.Schedules = make([]Schedule, 0, n[addr.Schedule])
	l.gather(cfg, s)
	slices.SortFunc(cfg.Connections, func(a, b Connection) int { return a.Address.Compare(b.Address) })
	slices.SortFunc(cfg.Sources, func(a, b Source) int { return a.Address.Compare(b.Address) })
	slices.SortFunc(cfg.Targets, func(a, b Target) int { return a.Address.Compare(b.Address) })
	slices.SortFunc(cfg.Schedules, func(a, b Schedule) int { return a.Address.Compare(b.Address) })
}

// count adds up the instances of each kind.
func (s *scope) count(n map[addr.Kind]int) {
	for id, b := range s.blocks {
		n[id.kind] += len(b.list)
	}
	for _, m := range s.modules {
		for _, i := range m.instances {
			i.scope.count(n)
		}
	}
}

func (l *load) gather(cfg *Config, s *scope) {
	for _, id := range s.blockIDs() { // nearly the order of the lists, which makes sorting them cheap
		n := s.blocks[id]
		for _, i := range n.list {
			b := i.public()
			switch n.id.kind {
			case addr.Connection:
				cfg.Connections = append(cfg.Connections, Connection{Block: b, Provider: n.id.typ, Secrets: i.secrets, Missing: i.missing, Whole: len(i.broken) == 0 && !l.reader.cut(n.block)})
			case addr.Source:
				cfg.Sources = append(cfg.Sources, Source{Block: b, Connection: i.refersTo("connection")})
			case addr.Target:
				cfg.Targets = append(cfg.Targets, Target{Block: b, Format: n.id.typ, Secrets: i.secrets, Missing: i.missing, Source: i.refersTo("source"), Schedule: i.schedule(), Database: i.placedAt(n.schema.byName["database"]), Table: i.placedAt(n.schema.byName["table"])})
			case addr.Schedule:
				cfg.Schedules = append(cfg.Schedules, l.newSchedule(b, i))
			}
		}
	}
	for _, m := range s.modules {
		for _, i := range m.instances {
			l.gather(cfg, i.scope)
		}
	}
}

func (i *instance) schedule() *addr.Address {
	a := i.refersTo("schedule")
	if a.IsZero() {
		return nil
	}
	return &a
}

func (i *instance) public() Block {
	return Block{
		Address: i.address, Range: rangeOf(i.at), Ranges: i.ranges, Settings: i.values,
		Enabled: i.enabled, PreventDestroy: i.preventDestroy, broken: i.broken,
	}
}

// compareRange orders places in the order of the text.
func compareRange(a, b Range) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Byte, b.Byte))
}
