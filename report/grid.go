package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Grid is a list of things of one kind, one row each.
type Grid struct {
	Columns []Column
	Rows    [][]Cell
	// Empty is the sentence that stands instead of a table without rows.
	Empty string
	// Ruled separates columns by " | ", as rows of data are shown.
	Ruled bool
}

// Column is the head of one column.
type Column struct {
	Name  string // for machines: a key of JSON, a header of CSV
	Title string // for people; "" = Name
	Right bool   // numbers stand to the right
	Minor bool   // left out first where the screen is too narrow for all
}

// Cell is one value: as people read it, and as machines do.
type Cell struct {
	Text  string
	Value any // nil: null
}

// Text is a cell that reads the same for both.
func Text(text string) Cell { return Cell{Clean(text), text} }

// Number is a count.
func Number(n int64) Cell { return Cell{Count(n), n} }

// Show writes the grid in a format: "text", "json" or "csv".
func (g Grid) Show(w io.Writer, s Style, format string) error {
	switch format {
	case "json":
		return g.json(w)
	case "csv":
		return g.csv(w)
	}
	return g.text(w, s)
}

func (g Grid) text(w io.Writer, s Style) error {
	out := &printer{w: w}
	if len(g.Rows) == 0 && g.Empty != "" {
		out.line(g.Empty)
		return out.err
	}
	f := g.fit(s)
	for _, l := range g.lines(f, g.title) {
		out.line(s.paint(bold, cut(l, s.Width)))
	}
	for _, row := range g.Rows {
		for _, l := range g.lines(f, func(i int) string { return oneLine(row[i].Text) }) {
			out.line(cut(l, s.Width))
		}
	}
	if len(f.hidden) > 0 {
		var names []string
		for _, i := range f.hidden {
			names = append(names, g.title(i))
		}
		out.line("")
		for _, l := range wrap(fmt.Sprintf("%s not shown here (-format=json shows all): %s", Plural(int64(len(f.hidden)), "column"), strings.Join(names, ", ")), s.Width) {
			out.line(s.paint(dim, l))
		}
	}
	return out.err
}

func (g Grid) title(i int) string {
	if t := g.Columns[i].Title; t != "" {
		return t
	}
	return g.Columns[i].Name
}

func oneLine(text string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(Clean(text))
}

func (g Grid) csv(w io.Writer) error {
	c := csv.NewWriter(w)
	head := make([]string, len(g.Columns))
	for i, col := range g.Columns {
		head[i] = col.Name
	}
	if err := c.Write(head); err != nil {
		return err
	}
	for _, row := range g.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			var err error
			if cells[i], err = csvCell(cell.Value); err != nil {
				return err
			}
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// csvCell writes a value as text: null is empty, what is nested is JSON.
func csvCell(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return compact(v)
}

func compact(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// json writes an array of objects whose members stand in column order.
func (g Grid) json(w io.Writer) error {
	var b strings.Builder
	b.WriteString("[")
	for i, row := range g.Rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  {")
		for j, cell := range row {
			if j > 0 {
				b.WriteString(", ")
			}
			name, err := compact(g.Columns[j].Name)
			if err != nil {
				return err
			}
			value, err := compact(cell.Value)
			if err != nil {
				return err
			}
			b.WriteString(name + ": " + value)
		}
		b.WriteString("}")
	}
	if len(g.Rows) > 0 {
		b.WriteString("\n")
	}
	b.WriteString("]\n")
	_, err := io.WriteString(w, b.String())
	return err
}
