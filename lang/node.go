package lang

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// node is one thing an expression can refer to: a variable, a local value, a block with all
// its instances, a module call. It is evaluated when it is first needed, once.
type node struct {
	name string // as it is referred to: "local.a"
	in   string // the module it stands in, "" for the root
	at   hcl.Range
	// run evaluates; it is called at most once.
	run func()
	// make returns the value; it is called at most once, after run and only when something
	// needs it. A node without it has its value from run.
	make func() cty.Value

	state nodeState
	value cty.Value
	uses  []use // what it referred to; one node may stand there more than once
}

// use is a node that another refers to, and where.
type use struct {
	of *node
	at hcl.Range
}

// use notes that n refers to another, unless it did so just before.
func (n *node) use(other *node, at hcl.Range) {
	lately := n.uses[max(0, len(n.uses)-8):]
	if !slices.ContainsFunc(lately, func(u use) bool { return u.of == other }) {
		n.uses = append(n.uses, use{other, at})
	}
}

type nodeState byte

const (
	untouched nodeState = iota
	running
	ready  // run is over
	valued // value is there
)

func (n *node) String() string {
	if n.in == "" {
		return n.name
	}
	return n.in + "." + n.name
}

// graph evaluates nodes on demand and notices when one needs itself.
type graph struct {
	stack []*node
	from  []hcl.Range // from[i] is where stack[i-1] refers to stack[i]
	found *findings
}

// ensure runs n, which the node being evaluated refers to at a place. It returns false when
// n is being evaluated already: a cycle, which is reported edge by edge.
func (g *graph) ensure(n *node, at hcl.Range) bool {
	if len(g.stack) > 0 {
		top := g.stack[len(g.stack)-1]
		top.use(n, at)
	}
	switch n.state {
	case running:
		g.reportCycle(n, at)
		return false
	case untouched:
		n.state = running
		g.stack, g.from = append(g.stack, n), append(g.from, at)
		n.run()
		g.stack, g.from = g.stack[:len(g.stack)-1], g.from[:len(g.from)-1]
		n.state = ready
		if n.make == nil {
			n.state = valued
		}
	}
	return true
}

// valueOf is the value of n; in a cycle it is unknown.
func (g *graph) valueOf(n *node, at hcl.Range) cty.Value {
	if !g.ensure(n, at) {
		return cty.DynamicVal
	}
	if n.state == ready {
		n.value, n.state = n.make(), valued
	}
	return n.value
}

func (g *graph) reportCycle(n *node, at hcl.Range) {
	first := 0
	for i, s := range g.stack {
		if s == n {
			first = i
		}
	}
	var edges strings.Builder
	for i := first; i < len(g.stack); i++ {
		to, place := n, at
		if i+1 < len(g.stack) {
			to, place = g.stack[i+1], g.from[i+1]
		}
		edges.WriteString("\n  " + g.stack[i].String() + " refers to " + to.String() + " at " + where(place))
	}
	g.found.error(sumCycle, at, "%s needs its own value to be worked out:%s\nTake one of these references out.", n, edges.String())
}

// trail writes the way a marked value took from where it entered to n: the names of the
// nodes it passed through, the first one first.
func (n *node) trail(m mark, seen map[*node]bool) []string {
	if seen[n] || n.state != valued {
		return nil
	}
	seen[n] = true
	if !carries(n.value, m) {
		return nil
	}
	self := n.String() + " (" + where(n.at) + ")"
	for _, next := range n.used() {
		if t := next.of.trail(m, seen); t != nil {
			return append(t, self)
		}
	}
	return []string{self}
}

// used returns what n refers to in the order of the text.
func (n *node) used() []use {
	return slices.SortedFunc(slices.Values(n.uses), func(a, b use) int {
		return cmp.Or(compareRange(rangeOf(a.at), rangeOf(b.at)), cmp.Compare(a.of.name, b.of.name))
	})
}

func carries(v cty.Value, m mark) bool {
	if !v.ContainsMarked() {
		return false
	}
	_, marks := v.UnmarkDeep()
	_, ok := marks[m]
	return ok
}
