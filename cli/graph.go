package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/lang"
)

func (s *speech) graphCommand() *entry {
	v := &vars{}
	return &entry{
		name: "graph", short: "print what reads what, as a graph in DOT",
		examples: []string{"inlay graph | dot -Tsvg > graph.svg"},
		flags:    v.flags(),
		run: func(context.Context, []string) error {
			p, err := s.open(*v)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(s.out, dot(p.Config()))
			return err
		},
	}
}

// dot draws rows' way: connection to source to target, and schedule to target.
func dot(c *lang.Config) string {
	var b strings.Builder
	b.WriteString("digraph inlay {\n  rankdir = LR\n  node [shape = box]\n")
	for _, s := range c.Sources {
		fmt.Fprintf(&b, "  %q -> %q\n", s.Connection.String(), s.Address.String())
	}
	for _, t := range c.Targets {
		fmt.Fprintf(&b, "  %q -> %q\n", t.Source.String(), t.Address.String())
		if t.Schedule != nil {
			fmt.Fprintf(&b, "  %q -> %q [style = dashed]\n", t.Schedule.String(), t.Address.String())
		}
	}
	b.WriteString("}\n")
	return b.String()
}
