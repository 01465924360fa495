package table

import (
	"slices"
	"sort"
	"strings"

	"github.com/inlay-sync/inlay/stream"
)

// A part that is sorted as a whole is made in two steps, so that only a stretch of rows is
// in memory: runs, each of them sorted, go to a file of their own; then the runs are cut at
// the same values, and what stands between two cuts is put together, sorted and written.

// samplesPerRun is how many rows of a run are looked at for places to cut.
const samplesPerRun = 64

// run is a stretch of sorted rows: one row group of the file of runs.
type run struct {
	in    *input
	group int
	at    int64 // the next row that is not yet written
	cuts  []int64
}

// sorts reports whether the target says what parts are sorted by.
func (l *layout) sorts() bool {
	return len(l.spec.Target.Strings("sort_by")) > 0 && len(l.sortColumns()) > 0
}

// sortedRuns writes the rows of spans to a file, as runs of chunk rows. It is removed by
// done.
func (b *builder) sortedRuns(spans []span, chunk int64) (runs []*run, done func(), err error) {
	w, err := b.begin(spans[0].in)
	if err != nil {
		return nil, nil, err
	}
	for len(spans) > 0 && err == nil {
		var stretch []span
		stretch, spans = cut(spans, chunk)
		if err = b.ctx.Err(); err != nil {
			break
		}
		if err = b.write(w, stretch); err == nil && w.group > 0 {
			err = w.endGroup()
		}
		closeBehind(stretch, spans)
	}
	if err != nil {
		w.abandon()
		return nil, nil, err
	}
	name := w.name
	p, err := w.finish()
	if err != nil {
		return nil, nil, err
	}
	in := &input{name: name, part: p, leaves: b.l.leaves}
	f, err := in.open(b.d)
	if err != nil {
		return nil, nil, err
	}
	for g := range f.pq.RowGroups() {
		runs = append(runs, &run{in: in, group: g})
	}
	return runs, func() {
		_ = in.close()       // only read
		_ = b.d.Remove(name) // else it goes with the folder
	}, nil
}

// cutRow is a row where runs may be cut.
type cutRow struct {
	columns []*stream.Vector // of the sort columns
	at      int              // the row in these
	run     int
	row     int64 // in its run
}

// mergedRuns returns what yields the rows of all runs in order, in stretches of about
// chunk rows that write sorts; none at the end. Rows of equal values stay in the order of
// their runs.
func (b *builder) mergedRuns(runs []*run, chunk int64) (func() ([]span, error), error) {
	cuts, err := b.chooseCuts(runs)
	if err != nil {
		return nil, err
	}
	for i, r := range runs {
		if err := b.place(r, i, cuts); err != nil {
			return nil, err
		}
	}
	next := 0
	return func() ([]span, error) {
		var out []span
		for len(out) == 0 && next <= len(cuts) {
			for _, r := range runs {
				first := r.in.file.first[r.group]
				if to := r.cuts[next]; to > r.at {
					out = append(out, span{r.in, int32(first + r.at), int32(first + to)})
					r.at = to
				}
			}
			next++
		}
		return out, nil
	}, nil
}

// chooseCuts takes samples of all runs, and of those as many as give stretches about as
// long as a run.
func (b *builder) chooseCuts(runs []*run) ([]cutRow, error) {
	var all []cutRow
	for i, r := range runs {
		columns, err := b.sortValues(r)
		if err != nil {
			return nil, err
		}
		samples := make([]*stream.Vector, len(columns))
		rows := int64(columns[0].Len())
		for c, column := range columns {
			samples[c] = &stream.Vector{Kind: column.Kind, MaxDef: column.MaxDef}
			for k := int64(1); k <= samplesPerRun; k++ {
				appendEntry(samples[c], column, int(rows*k/(samplesPerRun+1)))
			}
			for k := range samples[c].Strs {
				samples[c].Strs[k] = strings.Clone(samples[c].Strs[k])
			}
		}
		for k := int64(1); k <= samplesPerRun; k++ {
			all = append(all, cutRow{columns: samples, at: int(k - 1), run: i, row: rows * k / (samplesPerRun + 1)})
		}
	}
	slices.SortFunc(all, compareSamples)
	var out []cutRow
	for i := samplesPerRun; i < len(all); i += samplesPerRun {
		out = append(out, all[i])
	}
	return out, nil
}

func compareSamples(x, y cutRow) int {
	for i := range x.columns {
		if c := compareEntries(x.columns[i], x.at, y.columns[i], y.at); c != 0 {
			return c
		}
	}
	if x.run != y.run {
		return x.run - y.run
	}
	return int(x.row - y.row)
}

// place finds where a run is to be cut.
func (b *builder) place(r *run, number int, cuts []cutRow) error {
	columns, err := b.sortValues(r)
	if err != nil {
		return err
	}
	rows := columns[0].Len()
	for _, c := range cuts {
		at := sort.Search(rows, func(row int) bool {
			return compareSamples(cutRow{columns, row, number, int64(row)}, c) >= 0
		})
		r.cuts = append(r.cuts, int64(at))
	}
	r.cuts = append(r.cuts, int64(rows))
	return nil
}

// sortValues reads the sort columns of a run.
func (b *builder) sortValues(r *run) ([]*stream.Vector, error) {
	f, err := r.in.open(b.d)
	if err != nil {
		return nil, err
	}
	var out []*stream.Vector
	for _, leaf := range b.l.sortColumns() {
		v := b.l.leaves[leaf]
		if err := f.column(r.group, leaf, &v); err != nil {
			return nil, err
		}
		out = append(out, &v)
	}
	return out, nil
}
