package table

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// meetsExpectations checks what the target expects of the rows, before they are published.
// A broken expectation of severity error holds the result back; others are noted in the
// manifest.
func (x *Txn) meetsExpectations(c Close, m *merge, a *assembly, parts []newPart, n *Manifest) error {
	n.Expect = nil
	blocks := x.run.Spec.Target.Blocks("expect")
	if len(blocks) == 0 {
		return nil
	}
	e := &audit{x: x, changed: m.staged}
	for _, p := range parts {
		e.all = append(e.all, &input{name: p.file, partition: p.Partition, part: p.Part, leaves: x.l.leaves})
	}
	for _, p := range a.stay {
		e.all = append(e.all, x.t.input(p, x.l.leaves))
	}
	var failed []ExpectResult
	for _, b := range blocks {
		found, err := e.block(b)
		if err != nil {
			return err
		}
		for _, f := range found {
			f.Name, f.Severity = b.String("name"), cmp.Or(b.String("severity"), SeverityError)
			n.Expect = append(n.Expect, f)
			if f.Severity == SeverityError {
				failed = append(failed, f)
			}
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return cmp.Or(x.hold(HeldByExpect, c), error(&ErrExpect{Path: x.head.Path, Failed: failed}))
}

// audit is the result of a run as it would be published.
type audit struct {
	x       *Txn
	changed []*input // staged rows; those that do not count are dropped
	all     []*input // the table
}

func (e *audit) block(b setting.Values) ([]ExpectResult, error) {
	var out []ExpectResult
	add := func(r ExpectResult, err error) error {
		if err == nil && r.Check != "" {
			out = append(out, r)
		}
		return err
	}
	for _, name := range b.Strings("not_null") {
		if err := add(e.notNull(name)); err != nil {
			return nil, err
		}
	}
	accepted := b.Block("accepted_values")
	for _, name := range sortedNames(accepted) {
		if err := add(e.accepted(name, accepted)); err != nil {
			return nil, err
		}
	}
	if text := b.String("condition"); text != "" {
		if err := add(e.condition(text)); err != nil {
			return nil, err
		}
	}
	if names := b.Strings("unique"); len(names) > 0 {
		if err := add(e.unique(names)); err != nil {
			return nil, err
		}
	}
	if b.Has("min_rows") {
		if err := add(e.minRows(b.Int("min_rows"))); err != nil {
			return nil, err
		}
	}
	if text := b.String("max_age"); text != "" {
		if err := add(e.maxAge(text)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func sortedNames(v setting.Values) []string {
	var out []string
	for name := range v {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (e *audit) leaf(name string) (int, error) {
	i := e.x.l.flat(name)
	if i < 0 {
		return 0, fmt.Errorf("an expectation names the column %q, and the table has no such plain column", name)
	}
	return i, nil
}

// breaking counts rows of changed parts that break a claim about plain columns.
func (e *audit) breaking(check string, names []string, broken func(values []*stream.Vector, row int) bool) (ExpectResult, error) {
	r := ExpectResult{Check: check}
	leaves := make([]int, len(names))
	for i, n := range names {
		var err error
		if leaves[i], err = e.leaf(n); err != nil {
			return r, err
		}
	}
	if len(leaves) == 0 && len(e.x.l.leaves) > 0 {
		leaves = e.x.l.key // a condition without columns is asked of every row all the same
	}
	err := e.scan(e.changed, leaves, func(values []*stream.Vector, row int) error {
		if broken(values, row) {
			r.Rows++
		}
		return nil
	})
	if r.Rows == 0 {
		r.Check = ""
	}
	r.Detail = fmt.Sprintf("%d changed rows break %s", r.Rows, check)
	return r, err
}

// scan calls fn for every row that counts, with plain columns of which that row is meant.
func (e *audit) scan(files []*input, leaves []int, fn func(values []*stream.Vector, row int) error) error {
	columns := make([]*stream.Vector, len(leaves))
	for i, leaf := range leaves {
		v := e.x.l.leaves[leaf]
		columns[i] = &v
	}
	for _, in := range files {
		f, err := in.open(e.x.d)
		if err != nil {
			return err
		}
		for g := range f.pq.RowGroups() {
			for i, leaf := range leaves {
				if err := f.column(g, leaf, columns[i]); err != nil {
					return err
				}
			}
			for row := range f.first[g+1] - f.first[g] {
				if in.drop.has(f.first[g] + row) {
					continue
				}
				if err := fn(columns, int(row)); err != nil {
					return err
				}
			}
		}
		if err := in.close(); err != nil {
			return err
		}
	}
	return nil
}

func (e *audit) notNull(name string) (ExpectResult, error) {
	return e.breaking(fmt.Sprintf("not_null of %q", name), []string{name}, func(v []*stream.Vector, row int) bool { return v[0].Null(row) })
}

func (e *audit) accepted(name string, values setting.Values) (ExpectResult, error) {
	allowed := map[string]bool{}
	list, _ := values[name].([]any)
	for _, v := range list {
		allowed[fmt.Sprint(v)] = true
	}
	return e.breaking(fmt.Sprintf("accepted_values of %q", name), []string{name}, func(v []*stream.Vector, row int) bool {
		return !v[0].Null(row) && !allowed[textOf(v[0], row)]
	})
}
