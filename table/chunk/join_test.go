package chunk

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/stream"
)

// TestJoinedPagesAreRead writes files, some with dictionaries that go on and some with
// their own, joins their groups, and reads what came of it.
func TestJoinedPagesAreRead(t *testing.T) {
	elements := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		empty := stream.NewRows(columns).Leaves
		o := Options{Schema: elements, Leaves: empty, Tools: NewTools(&zstd.Codec{}), Filters: []int{0, 2}, Creator: "test"}
		repeat := worth(t)
		o.Dictionaries = NewDictionaries(empty, repeat)
		variety := rapid.SampledFrom([]int{1, 40, 1 << 20}).Draw(t, "variety")
		want := make([][]parquet.Value, len(empty))
		var sources []Source
		alone, files := 0, rapid.IntRange(1, 5).Draw(t, "files")
		for range files {
			of := o
			if rapid.IntRange(0, 3).Draw(t, "alone") == 0 {
				of.Dictionaries = NewDictionaries(empty, repeat)
				alone++
			}
			f := drawn(t, of, variety, want)
			for g := range f.RowGroups() {
				sources = append(sources, Source{f, g})
			}
		}
		if len(sources) == 0 {
			return
		}
		var out bytes.Buffer
		w := New(&out, o)
		must(t, w.Join(sources))
		must(t, w.Close())
		f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
		must(t, err)
		if n := len(f.RowGroups()); alone == 0 && n != 1 {
			t.Fatalf("files of one family became %d groups", n)
		}
		for i := range empty {
			same(t, f, i, want[i])
		}
	})
}

// drawn is a file of random rows, in one group or several.
func drawn(t *rapid.T, o Options, variety int, want [][]parquet.Value) *parquet.File {
	var out bytes.Buffer
	w := New(&out, o)
	for range rapid.IntRange(0, 2).Draw(t, "groups") {
		n := rapid.IntRange(1, 200).Draw(t, "rows")
		for i := range o.Leaves {
			v := o.Leaves[i]
			draw(t, &v, n, variety)
			want[i] = append(want[i], valuesOf(&v, i)...)
			must(t, w.Vector(i, &v, 0, v.Len()))
		}
		must(t, w.EndGroup())
	}
	must(t, w.Close())
	f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	must(t, err)
	return f
}

// TestJoinedGroupsEnd joins no more rows into a group than dictionaries go on for.
func TestJoinedGroupsEnd(t *testing.T) {
	leaves := stream.NewRows(columns[:1]).Leaves
	s, err := Schema(parquet.NewSchema("row", parquet.Group{"id": parquet.Optional(parquet.String())}))
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Schema: s, Leaves: leaves, Tools: NewTools(&zstd.Codec{}), Dictionaries: NewDictionaries(leaves, []bool{true})}
	var sources []Source
	for file := range 8 {
		v := leaves[0]
		for i := range 20_000 {
			v.AppendString(fmt.Sprint(file, i%9), 0)
		}
		var out bytes.Buffer
		w := New(&out, o)
		if err := errors.Join(w.Vector(0, &v, 0, v.Len()), w.Close()); err != nil {
			t.Fatal(err)
		}
		f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, Source{f, 0})
	}
	var out bytes.Buffer
	w := New(&out, o)
	if err := errors.Join(w.Join(sources), w.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for g, group := range f.RowGroups() {
		d := readPage(t, group.ColumnChunks()[0]).Dictionary()
		if group.NumRows() != 80_000 || d.Len() != 36 {
			t.Errorf("group %d has %d rows and %d values in its dictionary", g, group.NumRows(), d.Len())
		}
	}
}

func readPage(t *testing.T, chunk parquet.ColumnChunk) parquet.Page {
	t.Helper()
	pages := chunk.Pages()
	defer pages.Close()
	p, err := pages.ReadPage()
	if err != nil {
		t.Fatal(err)
	}
	return p
}
