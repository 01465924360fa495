package report

import (
	"cmp"
	"slices"
	"strings"
)

const (
	widest = 48 // columns of a cell of a ruled grid
	roomy  = 24 // columns that the last column needs to be worth wrapping
)

// fitted says how a grid is laid out on a screen.
type fitted struct {
	shown  []int // columns, by their place in the grid
	hidden []int // columns there is no room for
	widths []int // by place in the grid
	wraps  bool  // text is broken into lines within its column
}

// fit lays a grid out. Where nothing limits the width, all is shown whole. On a narrow
// screen, a ruled grid shows the columns that fit; any other leaves out empty columns, then
// minor ones, breaks text into lines, and cuts words only when all that is not enough.
func (g Grid) fit(s Style) fitted {
	f := fitted{widths: g.widths()}
	for i := range g.Columns {
		f.shown = append(f.shown, i)
	}
	switch {
	case s.Width <= 0:
	case g.Ruled:
		n := 1
		for n < len(f.shown) && g.taken(f, f.shown[:n+1]) <= s.Width {
			n++
		}
		n = min(n, len(f.shown))
		f.shown, f.hidden = f.shown[:n], f.shown[n:]
	default:
		g.squeeze(&f, s.Width)
	}
	return f
}

// taken is the width of a line of these columns.
func (g Grid) taken(f fitted, columns []int) int {
	used := len(g.gap()) * (len(columns) - 1)
	for _, i := range columns {
		used += f.widths[i]
	}
	return used
}

func (g Grid) squeeze(f *fitted, width int) {
	if g.taken(*f, f.shown) > width {
		f.shown = slices.DeleteFunc(f.shown, g.empty)
	}
	if g.taken(*f, f.shown) <= width || len(f.shown) == 0 || g.wrapped(f, width) {
		return
	}
	for at := len(f.shown) - 1; at > 0 && g.taken(*f, f.shown) > width; at-- {
		if i := f.shown[at]; g.Columns[i].Minor {
			f.shown = slices.Delete(f.shown, at, at+1)
			f.hidden = append([]int{i}, f.hidden...)
		}
	}
	if g.taken(*f, f.shown) <= width || g.wrapped(f, width) {
		return
	}
	f.wraps = true
	g.narrow(f, width, g.words(*f))
	g.narrow(f, width, make([]int, len(f.widths)))
}

// narrow takes from the widest column until all fit, down to a floor for each.
func (g Grid) narrow(f *fitted, width int, floor []int) {
	spare := func(i int) int { return max(0, f.widths[i]-max(floor[i], 1)) }
	for g.taken(*f, f.shown) > width {
		i := slices.MaxFunc(f.shown, func(a, b int) int {
			return cmp.Or(cmp.Compare(min(spare(a), 1), min(spare(b), 1)), f.widths[a]-f.widths[b])
		})
		if spare(i) == 0 {
			return
		}
		f.widths[i]--
	}
}

// words is the width of the longest word of each column; of a number, all of it.
func (g Grid) words(f fitted) []int {
	out := slices.Clone(f.widths)
	for i, c := range g.Columns {
		if c.Right {
			continue
		}
		out[i] = 0
		for _, w := range strings.Fields(g.title(i)) {
			out[i] = max(out[i], columnsOf(w))
		}
		for _, row := range g.Rows {
			for _, w := range strings.Fields(oneLine(row[i].Text)) {
				out[i] = max(out[i], columnsOf(w))
			}
		}
	}
	return out
}

// wrapped lets the last column have the room that the others leave, if that is enough.
func (g Grid) wrapped(f *fitted, width int) bool {
	last := f.shown[len(f.shown)-1]
	room := width - g.taken(*f, f.shown) + f.widths[last]
	if g.Columns[last].Right || room < roomy {
		return false
	}
	f.widths[last], f.wraps = room, true
	return true
}

// empty reports whether no row has anything in a column.
func (g Grid) empty(i int) bool {
	return !slices.ContainsFunc(g.Rows, func(row []Cell) bool { return row[i].Text != "" })
}

func (g Grid) widths() []int {
	out := make([]int, len(g.Columns))
	for i := range g.Columns {
		out[i] = columnsOf(g.title(i))
		for _, row := range g.Rows {
			out[i] = max(out[i], columnsOf(oneLine(row[i].Text)))
		}
		if g.Ruled {
			out[i] = min(out[i], max(widest, columnsOf(g.title(i))))
		}
	}
	return out
}

func (g Grid) gap() string {
	if g.Ruled {
		return " | "
	}
	return "  "
}

// lines are the lines of one row: one, unless text is broken.
func (g Grid) lines(f fitted, cell func(column int) string) []string {
	cells, height := make([][]string, len(f.shown)), 1
	for at, i := range f.shown {
		cells[at] = []string{cell(i)}
		if f.wraps && !g.Columns[i].Right {
			cells[at] = wrap(cells[at][0], f.widths[i])
		}
		height = max(height, len(cells[at]))
	}
	out := make([]string, height)
	for n := range out {
		var line strings.Builder
		for at, i := range f.shown {
			text := ""
			if n < len(cells[at]) {
				text = cells[at][n]
			}
			if at > 0 {
				line.WriteString(g.gap())
			}
			line.WriteString(g.padded(i, text, f.widths[i]))
		}
		out[n] = strings.TrimRight(line.String(), " ")
	}
	return out
}

func (g Grid) padded(column int, text string, width int) string {
	text = cut(text, width)
	pad := strings.Repeat(" ", max(0, width-columnsOf(text)))
	if g.Columns[column].Right {
		return pad + text
	}
	return text + pad
}
