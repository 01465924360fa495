package table

import (
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

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
		e.all = append(e.all, &input{name: x.t.at("parts/" + p.Name), partition: p.Partition, part: p, leaves: x.l.leaves})
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
func (e *audit) breaking(check string, names []string, broken func(row []parquet.Value) bool) (ExpectResult, error) {
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
	err := e.scan(e.changed, leaves, func(in *input, row int64, values []parquet.Value) error {
		if broken(values) {
			r.Rows++
			if r.Sample == "" {
				key, err := e.key(in, row)
				if err != nil {
					return err
				}
				r.Sample = key
			}
		}
		return nil
	})
	if r.Rows == 0 {
		r.Check = ""
	}
	r.Detail = fmt.Sprintf("%d changed rows break %s", r.Rows, check)
	return r, err
}

// scan calls fn with the values of plain columns of every row that counts.
func (e *audit) scan(files []*input, leaves []int, fn func(in *input, row int64, values []parquet.Value) error) error {
	columns, values := make([][]parquet.Value, len(leaves)), make([]parquet.Value, len(leaves))
	for _, in := range files {
		f, err := in.open(e.x.d)
		if err != nil {
			return err
		}
		for g := range f.pq.RowGroups() {
			for i, leaf := range leaves {
				if columns[i], err = f.column(g, leaf, columns[i][:0]); err != nil {
					return err
				}
			}
			for row := range f.first[g+1] - f.first[g] {
				if in.drop.has(f.first[g] + row) {
					continue
				}
				for i := range columns {
					values[i] = columns[i][row]
				}
				if err := fn(in, f.first[g]+row, values); err != nil {
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

// key is the key of a row, for people.
func (e *audit) key(in *input, row int64) (string, error) {
	var out []string
	for _, k := range e.x.l.key {
		f, err := in.open(e.x.d)
		if err != nil {
			return "", err
		}
		for g := range f.pq.RowGroups() {
			if row < f.first[g] || row >= f.first[g+1] {
				continue
			}
			v, err := f.span(g, k, row-f.first[g], row-f.first[g]+1, nil)
			if err != nil {
				return "", err
			}
			out = append(out, textOf(e.x.l.leaves[k].Kind, v[0]))
		}
	}
	return strings.Join(out, ", "), nil
}

func (e *audit) notNull(name string) (ExpectResult, error) {
	return e.breaking(fmt.Sprintf("not_null of %q", name), []string{name}, func(v []parquet.Value) bool { return v[0].IsNull() })
}

func (e *audit) accepted(name string, values setting.Values) (ExpectResult, error) {
	leaf, err := e.leaf(name)
	if err != nil {
		return ExpectResult{}, err
	}
	allowed := map[string]bool{}
	list, _ := values[name].([]any)
	for _, v := range list {
		allowed[fmt.Sprint(v)] = true
	}
	kind := e.x.l.leaves[leaf].Kind
	return e.breaking(fmt.Sprintf("accepted_values of %q", name), []string{name}, func(v []parquet.Value) bool {
		return !v[0].IsNull() && !allowed[textOf(kind, v[0])]
	})
}

func (e *audit) minRows(least int64) (ExpectResult, error) {
	var n int64
	for _, in := range e.all {
		n += in.part.Rows
	}
	if n >= least {
		return ExpectResult{}, nil
	}
	return ExpectResult{Check: "min_rows", Detail: fmt.Sprintf("the table would have %d rows, and min_rows is %d", n, least)}, nil
}

// unique finds rows of the whole table that agree in some columns. Rows in which one of
// them is null are not compared.
func (e *audit) unique(names []string) (ExpectResult, error) {
	r := ExpectResult{Check: "unique " + strings.Join(names, ", ")}
	leaves := make([]int, len(names))
	var rows int64
	for i, n := range names {
		var err error
		if leaves[i], err = e.leaf(n); err != nil {
			return r, err
		}
	}
	for _, in := range e.all {
		rows += in.part.Rows
	}
	seeds := newSeeds()
	passes := uint64(rows/passRows) + 1
	for pass := range passes {
		if err := e.twice(&r, leaves, seeds, pass, passes, rows); err != nil {
			return r, err
		}
	}
	if r.Rows == 0 {
		return ExpectResult{}, nil
	}
	r.Detail = fmt.Sprintf("%d rows repeat another's %s", r.Rows, strings.Join(names, ", "))
	return r, nil
}

func (e *audit) twice(r *ExpectResult, leaves []int, seeds [2]maphash.Seed, pass, passes uint64, rows int64) error {
	index := newKeyIndex(seeds, rows/int64(passes)*2+1024)
	var buf []byte
	return e.scan(e.all, leaves, func(in *input, row int64, values []parquet.Value) error {
		buf = buf[:0]
		for i, v := range values {
			if v.IsNull() {
				return nil
			}
			text := encodeValue(e.x.l.leaves[leaves[i]].Kind, v)
			buf = append(fmt.Appendf(buf, "%d:", len(text)), text...)
		}
		h := hashKey(seeds, buf)
		if h[1]%passes != pass {
			return nil
		}
		s := index.find(h)
		if s.row == 0 {
			index.put(s, h, row, 0)
			return nil
		}
		r.Rows++
		if r.Sample == "" {
			key, err := e.key(in, row)
			if err != nil {
				return err
			}
			r.Sample = key
		}
		return nil
	})
}

// maxAge compares the newest time of the table with the clock.
func (e *audit) maxAge(text string) (ExpectResult, error) {
	most, err := parseAge(text)
	if err != nil {
		return ExpectResult{}, err
	}
	if e.x.l.time < 0 {
		return ExpectResult{}, errors.New("max_age needs a time column")
	}
	newest, any := int64(0), false
	err = e.scan(e.all, []int{e.x.l.time}, func(_ *input, _ int64, v []parquet.Value) error {
		if !v[0].IsNull() && (!any || v[0].Int64() > newest) {
			newest, any = v[0].Int64(), true
		}
		return nil
	})
	if err != nil {
		return ExpectResult{}, err
	}
	if !any {
		return ExpectResult{Check: "max_age", Detail: "no row has a time, and max_age is " + text}, nil
	}
	at := time.UnixMicro(newest)
	if e.x.l.leaves[e.x.l.time].Kind == stream.Int {
		at = time.Unix(newest, 0)
	}
	if age := e.x.t.wh.now().Sub(at); age > most {
		return ExpectResult{Check: "max_age", Detail: fmt.Sprintf("the newest row is %s old, and max_age is %s", age.Round(time.Second), text)}, nil
	}
	return ExpectResult{}, nil
}

// parseAge reads a Go duration in which d and w are allowed too.
func parseAge(text string) (time.Duration, error) {
	rest, total := text, time.Duration(0)
	for _, u := range []struct {
		letter string
		unit   time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}} {
		num, after, ok := strings.Cut(rest, u.letter)
		if !ok {
			continue
		}
		d, err := time.ParseDuration(num + "h")
		if err != nil {
			return 0, fmt.Errorf("%q is not a duration; write one such as \"26h\" or \"7d\"", text)
		}
		total += d / time.Hour * u.unit
		rest = after
	}
	if rest == "" {
		return total, nil
	}
	d, err := time.ParseDuration(rest)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration; write one such as \"26h\" or \"7d\"", text)
	}
	return total + d, nil
}
