package table

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/stream"
)

// rowsPerBatch bounds the rows that Rows yields at a time.
const rowsPerBatch = 1024

// Rows yields the rows of the current snapshot in batches, part by part, with the columns
// asked for (all when there are none), and at most limit rows (0: all). Each batch belongs
// to the caller. A snapshot that is swept meanwhile ends it with an error.
func (t *Table) Rows(ctx context.Context, columns []string, limit int) iter.Seq2[*stream.Rows, error] {
	return func(yield func(*stream.Rows, error) bool) {
		m, err := t.Head()
		if err != nil {
			yield(nil, err)
			return
		}
		d, err := t.wh.root()
		if err != nil {
			yield(nil, err)
			return
		}
		readRows(ctx, d, m.Columns, t.inputs(m), columns, limit, yield)
	}
}

// StagedRows yields the rows that an unfinished or held run has staged, as Rows does,
// before it is decided which of them count.
func (t *Table) StagedRows(ctx context.Context, run string, columns []string, limit int) iter.Seq2[*stream.Rows, error] {
	return func(yield func(*stream.Rows, error) bool) {
		d, err := t.wh.root()
		if err == nil && t.wh.remote != nil {
			err = t.wh.remote.showStaging(t, d, runFolder(run))
		}
		if err != nil {
			yield(nil, err)
			return
		}
		dir := t.at("staging/" + runFolder(run))
		cp, err := readCheckpoint(d, dir)
		if err != nil {
			yield(nil, err)
			return
		}
		var files []*input
		for _, s := range cp.Segments {
			files = append(files, &input{name: dir + "/" + s.File, part: s.Part})
		}
		readRows(ctx, d, cp.Spec.Columns(), files, columns, limit, yield)
	}
}

func readRows(ctx context.Context, d *durable.Dir, have []stream.Column, files []*input, want []string, limit int, yield func(*stream.Rows, error) bool) {
	columns, err := selectColumns(have, want)
	if err != nil {
		yield(nil, err)
		return
	}
	all := stream.NewRows(have).Leaves
	left := int64(limit)
	if limit <= 0 {
		left = math.MaxInt64
	}
	for _, file := range files {
		goOn, n, err := readFile(ctx, d, file, all, columns, left, yield)
		if err != nil {
			yield(nil, err)
			return
		}
		if left -= n; !goOn || left == 0 {
			return
		}
	}
}

func selectColumns(have []stream.Column, want []string) ([]stream.Column, error) {
	if len(want) == 0 {
		return have, nil
	}
	var out []stream.Column
	for _, name := range want {
		i := slices.IndexFunc(have, func(c stream.Column) bool { return c.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("the table has no column %q", name)
		}
		out = append(out, have[i])
	}
	return out, nil
}

// readFile yields up to limit rows of one file. It reports whether the caller goes on, and
// how many rows it got.
func readFile(ctx context.Context, d *durable.Dir, file *input, all []stream.Vector, columns []stream.Column, limit int64, yield func(*stream.Rows, error) bool) (bool, int64, error) {
	f, err := file.open(d)
	if err != nil {
		return false, 0, err
	}
	defer func() { _ = file.close() }() // only read
	var done int64
	for g := range f.pq.RowGroups() {
		size := f.first[g+1] - f.first[g]
		for from := int64(0); from < size && done < limit; from += rowsPerBatch {
			if err := ctx.Err(); err != nil {
				return false, done, err
			}
			to := min(from+rowsPerBatch, size, from+limit-done)
			rows := stream.NewRows(columns)
			rows.N = int(to - from)
			for i := range rows.Leaves {
				at := leafAt(all, rows.Leaves[i].Path)
				if at < 0 {
					return false, done, fmt.Errorf("the part %s lacks the column %s", file.name, strings.Join(rows.Leaves[i].Path, "."))
				}
				if err := f.rowsOf(g, at, from, to, &rows.Leaves[i]); err != nil {
					return false, done, err
				}
			}
			done += to - from
			if !yield(rows, nil) {
				return false, done, nil
			}
		}
	}
	return true, done, nil
}
