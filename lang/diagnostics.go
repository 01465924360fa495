package lang

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// findings collects the diagnostics of one Load. The same finding at the same place, as
// the instances of one for_each make it, is kept once, and of findings that differ only in
// their details no more than maxAlike.
type findings struct {
	list  Diagnostics
	seen  map[findingKey]bool
	alike map[findingKey]int       // keys without detail
	torn  map[line]*hcl.Diagnostic // the mistakes of syntax, by their lines
}

const maxAlike = 5

type findingKey struct {
	summary, detail string
	at              hcl.Range
}

func (f *findings) add(d *hcl.Diagnostic) {
	if d == silent {
		return
	}
	d.Expression, d.EvalContext = nil, nil // a printer would write the values in them
	k := findingKey{summary: d.Summary, detail: d.Detail}
	if d.Subject != nil {
		k.at = *d.Subject
	}
	if f.seen[k] {
		return
	}
	if f.seen == nil {
		f.seen, f.alike = map[findingKey]bool{}, map[findingKey]int{}
	}
	f.seen[k] = true
	k.detail = ""
	if f.alike[k]++; f.alike[k] > maxAlike && d.Subject != nil {
		return
	}
	f.list = append(f.list, d)
}

func (f *findings) addAll(list hcl.Diagnostics) {
	for _, d := range list {
		f.add(d)
	}
}

func (f *findings) error(summary string, at hcl.Range, format string, args ...any) {
	f.add(problem(summary, at, format, args...))
}

func (f *findings) warning(summary string, at hcl.Range, format string, args ...any) {
	d := problem(summary, at, format, args...)
	d.Severity = hcl.DiagWarning
	f.add(d)
}

// sorted returns everything that was found in the order of the text.
func (f *findings) sorted() Diagnostics {
	f.alone()
	slices.SortStableFunc(f.list, func(a, b *hcl.Diagnostic) int {
		x, y := place(a), place(b)
		return cmp.Or(cmp.Compare(x.Filename, y.Filename), cmp.Compare(x.Start.Byte, y.Start.Byte))
	})
	return f.list
}

func place(d *hcl.Diagnostic) hcl.Range {
	if d.Subject == nil {
		return hcl.Range{}
	}
	return *d.Subject
}

// problem is an error; a zero range is nowhere in a file.
func problem(summary string, at hcl.Range, format string, args ...any) *hcl.Diagnostic {
	d := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...)}
	if at != (hcl.Range{}) {
		d.Subject = &at
	}
	return d
}
