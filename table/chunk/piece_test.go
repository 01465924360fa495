package chunk

import (
	"bytes"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/stream"
)

// TestPiecesAreRows reads ranges of rows of a file in pieces, and writes them in another
// order beside rows that come from nowhere: the library reads from the new file what it
// read from the old one, row for row, and so does a vector that pieces are appended to.
func TestPiecesAreRows(t *testing.T) {
	elements := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		f := drawnFile(t, elements)
		var out bytes.Buffer
		leaves := stream.NewRows(columns).Leaves
		w := New(&out, Options{Schema: elements, Leaves: leaves, Tools: NewTools(&zstd.Codec{}), Filters: []int{0, 2}, Dictionaries: NewDictionaries(leaves, worth(t))})
		want := make([][]parquet.Value, len(leaves))
		for g := range f.RowGroups() {
			ranges := ranges(t, f.RowGroups()[g].NumRows())
			turn := rapid.Bool().Draw(t, "turn")
			for i := range leaves {
				rows := rowsOf(t, f, g, i, ranges)
				r, err := Source{f, g}.Read(i, &leaves[i], ranges...)
				must(t, err)
				pieces := halves(r.Pieces)
				if turn {
					slices.Reverse(pieces)
				}
				values := inPieces(t, pieces, rows, turn)
				own := leaves[i]
				for _, p := range pieces {
					p.Append(&own)
					must(t, w.Piece(i, p))
				}
				from, err := PieceOf(&own)
				must(t, err)
				must(t, w.Piece(i, from))
				if !slices.EqualFunc(values, valuesOf(&own, i), equal) {
					t.Fatalf("leaf %d: %d values are %d others in a vector", i, len(values), own.Len())
				}
				want[i] = append(append(want[i], values...), values...)
				r.Release()
			}
			if rapid.Bool().Draw(t, "end") {
				must(t, w.EndGroup())
			}
		}
		must(t, w.Close())
		back, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
		must(t, err)
		for i := range leaves {
			same(t, back, i, want[i])
		}
	})
}

// drawnFile is a file of up to three groups.
func drawnFile(t *rapid.T, elements []format.SchemaElement) *parquet.File {
	leaves := stream.NewRows(columns).Leaves
	var out bytes.Buffer
	w := New(&out, Options{Schema: elements, Leaves: leaves, Tools: NewTools(&zstd.Codec{}), Dictionaries: NewDictionaries(leaves, worth(t))})
	variety := rapid.SampledFrom([]int{1, 40, 1 << 20}).Draw(t, "variety")
	for range rapid.IntRange(0, 3).Draw(t, "groups") {
		n := rapid.IntRange(1, 700).Draw(t, "rows")
		for i := range leaves {
			v := leaves[i]
			draw(t, &v, n, variety)
			for from := 0; from < v.Len(); { // pages that end early
				to := min(from+rapid.IntRange(50, 400).Draw(t, "page"), v.Len())
				for v.MaxRep > 0 && to < v.Len() && v.Rep[to] > 0 {
					to++
				}
				must(t, w.Vector(i, &v, from, to))
				must(t, w.columns[i].endPage())
				from = to
			}
		}
		must(t, w.EndGroup())
	}
	must(t, w.Close())
	f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	must(t, err)
	return f
}

// ranges draws rows of a group, in order.
func ranges(t *rapid.T, rows int64) []Range {
	var out []Range
	for at := int64(0); at < rows; {
		from := at + int64(rapid.IntRange(0, 300).Draw(t, "skip"))
		to := min(rows, from+int64(rapid.IntRange(1, 300).Draw(t, "take")))
		if from < to {
			out = append(out, Range{from, to})
		}
		at = to
		if from >= rows {
			break
		}
	}
	return out
}

// rowsOf reads the rows of ranges with the library.
func rowsOf(t *rapid.T, f *parquet.File, group, leaf int, ranges []Range) [][]parquet.Value {
	var rows, out [][]parquet.Value
	for _, v := range readPages(t, f.RowGroups()[group].ColumnChunks()[leaf].Pages()) {
		if v.RepetitionLevel() == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], v)
	}
	for _, r := range ranges {
		out = append(out, rows[r.From:r.To]...)
	}
	return out
}

// halves cuts each piece in two.
func halves(pieces []Piece) []Piece {
	var out []Piece
	for _, p := range pieces {
		out = append(out, p.Cut(0, p.Rows()/2), p.Cut(p.Rows()/2, p.Rows()))
	}
	return out
}

// inPieces are the values of rows in the order of pieces, which have them from the first to
// the last, or the other way round.
func inPieces(t *rapid.T, pieces []Piece, rows [][]parquet.Value, turned bool) []parquet.Value {
	var out []parquet.Value
	for _, p := range pieces {
		at := 0
		if turned {
			at = len(rows) - p.Rows()
		}
		out = append(out, slices.Concat(rows[at:at+p.Rows()]...)...)
		rows = slices.Delete(slices.Clone(rows), at, at+p.Rows())
	}
	if len(rows) > 0 {
		t.Fatalf("%d rows are in no piece", len(rows))
	}
	return out
}

func equal(a, b parquet.Value) bool {
	return parquet.DeepEqual(a, b) && a.DefinitionLevel() == b.DefinitionLevel() && a.RepetitionLevel() == b.RepetitionLevel()
}
