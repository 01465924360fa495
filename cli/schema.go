package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

type schemaFlags struct{ format, out string }

func (s *speech) schemaCommand() *entry {
	f := &schemaFlags{}
	return &entry{
		name: "schema", args: "[NAME]", max: 1, short: "what can be written: providers, streams, columns, attributes",
		long: `Without NAME it lists providers, their streams, and the kinds of blocks. NAME is a stream
(intercom.users), a kind of block (connection.intercom, source.intercom, target.parquet,
schedule, variable), or rules: what a change of each attribute does to data. As JSON it is all
of that at once: every block, attribute, type, default, effect, stream, column and function.
As markdown it is the reference, a page for each, which -out writes into a folder.`,
		examples: []string{"inlay schema", "inlay schema intercom.users", "inlay schema target.parquet", "inlay schema rules", "inlay schema -format=json", "inlay schema -format=markdown -out reference"},
		flags: []cli.Flag{formatFlag(&f.format, "text", "json", "markdown"),
			&cli.StringFlag{Name: "out", Usage: "markdown: write the pages into folder `DIR`", Destination: &f.out}},
		run: func(_ context.Context, args []string) error { return s.schema(f, args) },
	}
}

func (s *speech) schema(f *schemaFlags, args []string) error {
	switch {
	case f.format == "markdown" && f.out != "" && len(args) == 0:
		return s.schemaPages(f.out)
	case f.format == "markdown":
		return usage([]string{"inlay", "schema"}, "markdown is many pages, all of them at once: give -out the folder to write them into, and no NAME")
	case f.out != "":
		return usage([]string{"inlay", "schema"}, "-out is for -format=markdown; the other forms are printed")
	case len(args) == 0:
		return s.schemaAll(f)
	}
	return s.schemaOne(f, args[0])
}

// block is one kind of block with its attributes.
type block struct {
	Name     string
	Kind     string // as the rules of effects name it; "" where none are about it
	Settings []setting.Setting
}

// blocks are the kinds of blocks, by the name that schema knows them by.
func (s *speech) blocks() []block {
	c := project.Catalogue(s.world)
	out := []block{{"inlay", "", lang.InlaySettings()}}
	for _, p := range s.world.Providers {
		source := append(lang.SourceSettings(), p.SourceSettings()...)
		out = append(out, block{"connection." + p.Name(), "connection", p.ConnectionSettings()}, block{"source." + p.Name(), "source", source})
	}
	out = append(out, block{"target.parquet", "target", c.Targets["parquet"]})
	for _, k := range s.world.Kinds {
		out = append(out, block{"target." + k.Name, "target", c.Targets[k.Name]})
	}
	return append(out, block{"schedule", "schedule", c.Schedule}, block{"every block", "", lang.MetaSettings()})
}

type offer struct {
	Provider string
	Streams  []stream.Stream
}

func (s *speech) offers() []offer {
	var out []offer
	for _, p := range s.world.Providers {
		out = append(out, offer{p.Name(), p.Streams(defaults(p.ConnectionSettings()))})
	}
	return out
}

// defaults are the values of a block with nothing written in it.
func defaults(settings []setting.Setting) setting.Values {
	out := setting.Values{}
	for _, d := range settings {
		if d.Default != nil {
			out[d.Name] = d.Default
		}
	}
	return out
}

func (s *speech) schemaAll(f *schemaFlags) error {
	if f.format == "json" {
		return report.Document(s.out, s.schemaDocument())
	}
	for _, o := range s.offers() {
		g := report.Grid{Columns: []report.Column{{Name: o.Provider + " stream"}, {Name: "columns", Right: true, Minor: true}, {Name: "key"}, {Name: "cursors", Minor: true}, {Name: "what it is"}}}
		for _, st := range o.Streams {
			g.Rows = append(g.Rows, []report.Cell{
				report.Text(o.Provider + "." + st.Name), report.Number(int64(len(st.Columns))), report.Text(strings.Join(st.Key, ", ")), report.Text(strings.Join(st.Cursors, ", ")), report.Text(st.Doc),
			})
		}
		if err := g.Show(s.out, s.style(s.out), "text"); err != nil {
			return err
		}
	}
	var names []string
	for _, b := range s.blocks() {
		names = append(names, b.Name)
	}
	for _, c := range lang.Constructs() {
		names = append(names, c.Name)
	}
	_, err := fmt.Fprintf(s.out, "\nBlocks: %s. `inlay schema NAME` shows one; `inlay schema rules` what a change does.\n", strings.Join(names, ", "))
	return err
}

func (s *speech) schemaOne(f *schemaFlags, name string) error {
	if name == "rules" {
		return s.schemaRules(f)
	}
	for _, b := range s.blocks() {
		if b.Name == name {
			if f.format == "json" {
				return report.Document(s.out, b.document())
			}
			return settingsGrid("", b.Settings).Show(s.out, s.style(s.out), "text")
		}
	}
	for _, c := range lang.Constructs() {
		if c.Name == name {
			return s.schemaConstruct(f, c)
		}
	}
	var known []string
	for _, o := range s.offers() {
		for _, st := range o.Streams {
			if name == st.Name || name == o.Provider+"."+st.Name {
				return s.schemaStream(f, st)
			}
			known = append(known, o.Provider+"."+st.Name)
		}
	}
	detail := fmt.Sprintf("There is nothing called %q; `inlay schema` lists what there is.", name)
	if near := addr.Nearest(name, known); near != "" {
		detail = fmt.Sprintf("There is nothing called %q. Did you mean %q?", name, near)
	}
	return &project.Error{Kind: project.NotFound, Detail: detail}
}

func (s *speech) schemaStream(f *schemaFlags, st stream.Stream) error {
	if f.format == "json" {
		return report.Document(s.out, documentOf(st))
	}
	g := report.Grid{Columns: []report.Column{{Name: "column"}, {Name: "type"}, {Name: "is"}, {Name: "what it holds"}}}
	for _, c := range st.Columns {
		var is []string
		if slices.Contains(st.Key, c.Name) {
			is = append(is, "key")
		}
		if slices.Contains(st.Cursors, c.Name) {
			is = append(is, "cursor")
		}
		g.Rows = append(g.Rows, []report.Cell{report.Text(c.Name), report.Text(c.Type.String()), report.Text(strings.Join(is, ", ")), report.Text(c.Doc)})
	}
	return g.Show(s.out, s.style(s.out), "text")
}

// settingsGrid lists attributes; those of nested blocks stand after their block.
func settingsGrid(prefix string, settings []setting.Setting) report.Grid {
	g := report.Grid{Columns: []report.Column{{Name: "attribute"}, {Name: "type"}, {Name: "default"}, {Name: "what it says"}}}
	for _, d := range settings {
		def := ""
		switch {
		case d.Required:
			def = "required"
		case d.Default != nil:
			def = report.Value(d.Default)
		}
		doc := d.Doc
		if len(d.Values) > 0 {
			doc += " One of " + strings.Join(d.Values, ", ") + "."
		}
		if d.Deprecated != "" {
			doc += " Deprecated: " + d.Deprecated + "."
		}
		g.Rows = append(g.Rows, []report.Cell{report.Text(prefix + d.Name), report.Text(string(d.Kind)), report.Text(def), report.Text(doc)})
		g.Rows = append(g.Rows, settingsGrid(prefix+d.Name+".", d.Fields).Rows...)
	}
	return g
}

// schemaRules shows what a change of each attribute does to data.
func (s *speech) schemaRules(f *schemaFlags) error {
	rules := plan.Rules()
	if f.format == "json" {
		return report.Document(s.out, rules)
	}
	g := report.Grid{Columns: []report.Column{{Name: "attribute"}, {Name: "when"}, {Name: "effect"}, {Name: "why"}}}
	for _, r := range rules {
		g.Rows = append(g.Rows, []report.Cell{report.Text(string(r.Block) + "." + r.Attribute), report.Text(r.When), report.Text(string(r.Effect)), report.Text(r.Why)})
	}
	return g.Show(s.out, s.style(s.out), "text")
}
