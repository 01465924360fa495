package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// around is how many unchanged lines stand around a change.
const around = 3

// Diff writes the difference of two texts as a unified diff.
func Diff(w io.Writer, s Style, name string, before, after []byte) error {
	a, b := splitLines(before), splitLines(after)
	out := &printer{w: w}
	out.line(s.paint(bold, "--- "+name))
	out.line(s.paint(bold, "+++ "+name+" (formatted)"))
	edits := script(a, b)
	for at := 0; at < len(edits); {
		from, to, next := hunk(edits, at)
		if from == to {
			break
		}
		writeHunk(out, s, edits[from:to])
		at = next
	}
	return out.err
}

func splitLines(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	return strings.Split(string(bytes.TrimSuffix(text, []byte("\n"))), "\n")
}

// edit is one line of both texts (' '), of the former ('-') or of the latter ('+').
type edit struct {
	sign byte
	text string
	a, b int // lines before it
}

// script is a shortest list of edits, found by the longest common subsequence of what is
// left when equal heads and tails are taken away.
func script(a, b []string) []edit {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []edit
	i, j := 0, 0
	keep := func(n int) {
		for range n {
			out = append(out, edit{' ', a[i], i, j})
			i, j = i+1, j+1
		}
	}
	keep(head)
	for _, sign := range middle(a[head:len(a)-tail], b[head:len(b)-tail]) {
		switch sign {
		case '-':
			out = append(out, edit{'-', a[i], i, j})
			i++
		case '+':
			out = append(out, edit{'+', b[j], i, j})
			j++
		default:
			keep(1)
		}
	}
	keep(tail)
	return out
}

// quadratic is the most cells the table of middle may have; a larger difference is shown
// as everything old and then everything new.
const quadratic = 4 << 20

func middle(a, b []string) []byte {
	if len(a)*len(b) > quadratic {
		return append(bytes.Repeat([]byte("-"), len(a)), bytes.Repeat([]byte("+"), len(b))...)
	}
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []byte
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out, i, j = append(out, ' '), i+1, j+1
		case i < len(a) && (j == len(b) || common[i+1][j] >= common[i][j+1]):
			out, i = append(out, '-'), i+1
		default:
			out, j = append(out, '+'), j+1
		}
	}
	return out
}

// hunk finds the next group of edits that stand close together, with their context.
func hunk(edits []edit, at int) (from, to, next int) {
	for at < len(edits) && edits[at].sign == ' ' {
		at++
	}
	if at == len(edits) {
		return at, at, at
	}
	from, last := max(at-around, 0), at
	for i := at; i < len(edits) && i-last <= 2*around; i++ {
		if edits[i].sign != ' ' {
			last = i
		}
	}
	return from, min(last+1+around, len(edits)), last + 1
}

func writeHunk(out *printer, s Style, edits []edit) {
	old, now := 0, 0
	for _, e := range edits {
		if e.sign != '+' {
			old++
		}
		if e.sign != '-' {
			now++
		}
	}
	out.line(s.paint(cyan, fmt.Sprintf("@@ -%d,%d +%d,%d @@", edits[0].a+1, old, edits[0].b+1, now)))
	for _, e := range edits {
		color := plain
		switch e.sign {
		case '-':
			color = red
		case '+':
			color = green
		}
		out.line(s.paint(color, string(e.sign)+Clean(e.text)))
	}
}
