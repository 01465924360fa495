package table

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// TestRowsInNoOrderOfTime stages rows that go to many partitions in turn: as long as they
// fit into memory there is no file for a few rows each, files stay few when they do not, and
// the table is right, also with more partitions than staging keeps open.
func TestRowsInNoOrderOfTime(t *testing.T) {
	for _, c := range []struct {
		name         string
		days, bytes  int
		least, most  int // segments before the commit
		openPartsMax int
	}{
		{"in memory", 200, 10, 0, 0, 200},
		{"too large for memory", 60, 32 << 10, 1, 200, 60},
		{"more partitions than are kept open", openSegments + 30, 10, 1, 1000, openSegments},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, nil)
			s := testSpec(spec.Append, true, "partition", "day")
			tbl := h.create(s)
			x, err := tbl.Begin(context.Background(), h.run(s))
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(1, 2))
			var all []testRow
			for b := range 40 {
				var rows []testRow
				for i := range 100 {
					rows = append(rows, testRow{ID: fmt.Sprintf("%d-%d", b, i), Created: ann.Created + int64(r.IntN(c.days))*86400, Name: noise(r, c.bytes)})
				}
				all = append(all, rows...)
				if err := x.Write(stream.Batch{Rows: rowsOf(rows)}); err != nil {
					t.Fatal(err)
				}
			}
			if held := x.held(); len(x.cp.Segments) < c.least || len(x.cp.Segments) > c.most || held.files > openFiles || len(x.open) > c.openPartsMax || held.bytes > 2*openBytes {
				t.Errorf("%d segments are written, %d open with %d files and %d bytes", len(x.cp.Segments), len(x.open), held.files, held.bytes)
			}
			if _, err := x.Commit(Close{}); err != nil {
				t.Fatal(err)
			}
			same(t, dump(t, tbl, "id", "name"), dumped(all))
			sound(t, tbl)
		})
	}
}

// noise is text that compression makes little smaller.
func noise(r *rand.Rand, n int) string {
	var b []byte
	for base64.StdEncoding.EncodedLen(len(b)) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return base64.StdEncoding.EncodeToString(b)[:n]
}

// dumped is what dump gives of the ids and names of rows.
func dumped(rows []testRow) []string {
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprintf("id=%s;name=%s;", r.ID, r.Name))
	}
	slices.Sort(out)
	return out
}
