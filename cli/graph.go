package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/lang"
)

func (s *speech) graphCommand() *entry {
	v, format := &vars{}, ""
	return &entry{
		name: "graph", short: "print what reads what, as a graph in DOT or Mermaid",
		examples: []string{"inlay graph | dot -Tsvg > graph.svg", "inlay graph -format=mermaid >> README.md"},
		flags:    append(v.flags(), []cli.Flag{formatFlag(&format, "dot", "mermaid")}...),
		run: func(context.Context, []string) error {
			p, err := s.open(*v)
			if err != nil {
				return err
			}
			draw := graphOf(p.Config()).dot
			if format == "mermaid" {
				draw = graphOf(p.Config()).mermaid
			}
			_, err = fmt.Fprint(s.out, draw())
			return err
		},
	}
}

// graph is the way of rows: connection to source to target, and schedule to target.
type graph struct {
	nodes []string
	edges []edge
}

type edge struct {
	from, to string
	when     bool // from says when, not what
}

func graphOf(c *lang.Config) graph {
	var g graph
	for _, x := range c.Connections {
		g.nodes = append(g.nodes, x.Address.String())
	}
	for _, x := range c.Sources {
		g.nodes = append(g.nodes, x.Address.String())
		g.edges = append(g.edges, edge{x.Connection.String(), x.Address.String(), false})
	}
	for _, x := range c.Schedules {
		g.nodes = append(g.nodes, x.Address.String())
	}
	for _, x := range c.Targets {
		g.nodes = append(g.nodes, x.Address.String())
		g.edges = append(g.edges, edge{x.Source.String(), x.Address.String(), false})
		if x.Schedule != nil {
			g.edges = append(g.edges, edge{x.Schedule.String(), x.Address.String(), true})
		}
	}
	return g
}

func (g graph) dot() string {
	var b strings.Builder
	b.WriteString("digraph inlay {\n  rankdir = LR\n  node [shape = box]\n")
	for _, n := range g.nodes {
		fmt.Fprintf(&b, "  %q\n", n)
	}
	for _, e := range g.edges {
		style := ""
		if e.when {
			style = " [style = dashed]"
		}
		fmt.Fprintf(&b, "  %q -> %q%s\n", e.from, e.to, style)
	}
	b.WriteString("}\n")
	return b.String()
}

// mermaid gives each node a number for a name, because an address may hold anything in its key.
func (g graph) mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	number := map[string]int{}
	for i, n := range g.nodes {
		number[n] = i
		fmt.Fprintf(&b, "  n%d[\"%s\"]\n", i, strings.NewReplacer("#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ").Replace(n))
	}
	for _, e := range g.edges {
		arrow := "-->"
		if e.when {
			arrow = "-.->"
		}
		fmt.Fprintf(&b, "  n%d %s n%d\n", number[e.from], arrow, number[e.to])
	}
	return b.String()
}
