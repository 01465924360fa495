package reference

import (
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

func (s Subject) streamPages() map[string]string {
	out := map[string]string{}
	var index strings.Builder
	index.WriteString("# streams\n\nA stream is one kind of rows that a service offers; a source names it in its attribute `stream`.\n")
	for _, p := range s.Providers {
		fmt.Fprintf(&index, "\n## %s\n\n%s\n\n", p.Name(), p.Doc())
		var rows [][]string
		for _, st := range p.Streams(defaults(p.ConnectionSettings())) {
			path := fmt.Sprintf("streams/%s-%s.md", p.Name(), st.Name)
			rows = append(rows, []string{fmt.Sprintf("[%s](%s)", st.Name, path), st.Doc, codes(st.Key), codes(st.Cursors)})
			out[path] = streamPage(p, st)
		}
		index.WriteString(grid([]string{"stream", "rows", "key", "cursors"}, rows))
	}
	index.WriteString("\nA stream without a cursor is read whole in every run: leave `incremental` out of its source.\n")
	out["streams.md"] = index.String()
	return out
}

// defaults are the values of a block with nothing written in it.
func defaults(settings []setting.Setting) setting.Values {
	out := setting.Values{}
	for _, s := range settings {
		if s.Default != nil {
			out[s.Name] = s.Default
		}
	}
	return out
}

func streamPage(p providers.Provider, st stream.Stream) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s.%s\n\n%s\n\n```hcl\nsource %q %q {\n  connection = connection.%s.NAME\n  stream     = %q\n}\n```\n\n",
		p.Name(), st.Name, st.Doc, p.Name(), st.Name, p.Name(), st.Name)
	b.WriteString(grid([]string{"", ""}, streamFacts(p, st)))
	b.WriteString("\n## Columns\n\n")
	b.WriteString(grid([]string{"column", "type", "what it holds"}, columnRows("", st.Columns)))
	b.WriteString("\nEvery value may be null. `[]` stands for each element of a list, a dot for a field of a struct. What the service returns beyond these columns, and what does not fit their types, is kept in the JSON column `_rest`.\n")
	return b.String()
}

func streamFacts(p providers.Provider, st stream.Stream) [][]string {
	cursors := "none: every run reads all rows"
	if len(st.Cursors) > 0 {
		cursors = codes(st.Cursors)
		if len(st.Cursors) > 1 {
			cursors += "; the first unless the source says otherwise"
		}
	}
	rows := [][]string{{"key", codes(st.Key)}, {"cursors", cursors}}
	if st.Updated != "" {
		rows = append(rows, []string{"newer row", "the one with the later " + code(st.Updated)})
	}
	if st.Parent != "" {
		rows = append(rows, []string{"found through", fmt.Sprintf("[%s](%s-%s.md)", st.Parent, p.Name(), st.Parent)})
	}
	if st.MinVersion != "" {
		rows = append(rows, []string{"first API version", code(st.MinVersion)})
	}
	if len(st.Filters) > 0 {
		rows = append(rows, []string{"filter", "by " + codes(filterNames(st.Filters))})
	}
	if len(st.Expands) > 0 {
		rows = append(rows, []string{"expand", codes(st.Expands)})
	}
	if st.DeletionFeed {
		rows = append(rows, []string{"deletions", "the service tells them, so `deletes` works for an incremental source too"})
	}
	reconciled := "no number is announced, so a read is not reconciled"
	if st.Announced {
		reconciled = "the service announces how many rows there are, and a read is held against it"
	}
	rows = append(rows, []string{"reconciled", reconciled})
	if e, ok := p.(providers.Explainer); ok {
		if o, ok := e.Origin(st.Name); ok {
			rows = append(rows, []string{"read by", o.Endpoint}, []string{"permission", o.Permission})
		}
	}
	return rows
}

// filterNames writes names that begin others with a word for what follows.
func filterNames(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		if out[i] = n; strings.HasSuffix(n, ".") {
			out[i] += "NAME"
		}
	}
	return out
}

func columnRows(prefix string, columns []stream.Column) [][]string {
	var out [][]string
	for _, c := range columns {
		name, t := prefix+c.Name, c.Type
		out = append(out, []string{code(name), outerType(t), sentence(c.Doc)})
		for t.Kind == stream.List && t.Elem != nil {
			name, t = name+"[]", *t.Elem
		}
		out = append(out, columnRows(name+".", t.Fields)...)
	}
	return out
}

// outerType is a type without the fields that have rows of their own.
func outerType(t stream.Type) string {
	if t.Kind == stream.List && t.Elem != nil {
		return "list of " + outerType(*t.Elem)
	}
	return string(t.Kind)
}
