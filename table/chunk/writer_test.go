package chunk

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/stream"
)

// columns are one of each kind, beside and below others.
var columns = []stream.Column{
	{Name: "id", Type: stream.Type{Kind: stream.String}},
	{Name: "at", Type: stream.Type{Kind: stream.Timestamp}},
	{Name: "n", Type: stream.Type{Kind: stream.Int}},
	{Name: "x", Type: stream.Type{Kind: stream.Float}},
	{Name: "b", Type: stream.Type{Kind: stream.Bool}},
	{Name: "j", Type: stream.Type{Kind: stream.JSON}},
	{Name: "in", Type: stream.Type{Kind: stream.Struct, Fields: []stream.Column{{Name: "s", Type: stream.Type{Kind: stream.String}}, {Name: "n", Type: stream.Type{Kind: stream.Int}}}}},
	{Name: "many", Type: stream.Type{Kind: stream.List, Elem: &stream.Type{Kind: stream.Struct, Fields: []stream.Column{{Name: "s", Type: stream.Type{Kind: stream.String}}}}}},
}

func schema(t testing.TB) []format.SchemaElement {
	t.Helper()
	str, num := parquet.Optional(parquet.String()), parquet.Optional(parquet.Int(64))
	type group = parquet.Group // sorts its columns by name, so the names are in that order
	s, err := Schema(parquet.NewSchema("row", group{
		"a": str, "b": parquet.Optional(parquet.Timestamp(parquet.Microsecond)), "c": num, "d": parquet.Optional(parquet.Leaf(parquet.DoubleType)),
		"e": parquet.Optional(parquet.Leaf(parquet.BooleanType)), "f": parquet.Optional(parquet.JSON()),
		"g": parquet.Optional(group{"k": str, "l": num}), "h": parquet.Optional(parquet.List(parquet.Optional(group{"k": str}))),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// draw fills a vector with rows. Texts and numbers come from few or from many.
func draw(t *rapid.T, v *stream.Vector, rows, variety int) {
	for range rows {
		entries := 1
		if v.MaxRep > 0 {
			entries = rapid.IntRange(1, 3).Draw(t, "entries")
		}
		for k := range entries {
			rep := uint8(min(k, int(v.MaxRep)))
			def := v.MaxDef
			if rapid.IntRange(0, 3).Draw(t, "null") == 0 {
				def = uint8(rapid.IntRange(0, int(v.MaxDef)-1).Draw(t, "def"))
			}
			if rep > 0 || entries > 1 {
				def = max(def, 2) // an element: the list is there
			}
			if def < v.MaxDef {
				v.AppendNull(def, rep)
				continue
			}
			value(t, v, rep, variety)
		}
	}
}

func value(t *rapid.T, v *stream.Vector, rep uint8, variety int) {
	n := rapid.IntRange(-variety, variety).Draw(t, "n")
	switch v.Kind {
	case stream.Int, stream.Timestamp:
		v.AppendInt(int64(n)<<40, rep)
	case stream.Float:
		v.AppendFloat(float64(n)/8, rep)
	case stream.Bool:
		v.AppendBool(n > 0, rep)
	default:
		v.AppendString(strings.Repeat("é", n&7)+fmt.Sprint(n)+strings.Repeat("\xff", n&63), rep)
	}
}

// TestWhatIsWrittenIsRead writes batches in any of the three ways, with groups ended in
// between, and reads the file with the library: values, counts, bounds and filters hold.
func TestWhatIsWrittenIsRead(t *testing.T) {
	elements := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		empty := stream.NewRows(columns).Leaves
		o := Options{Schema: elements, Leaves: empty, Tools: NewTools(&zstd.Codec{}), Filters: []int{0, 2}, Creator: "test"}
		variety := rapid.SampledFrom([]int{1, 40, 1 << 20}).Draw(t, "variety")
		o.Dictionaries = NewDictionaries(empty, worth(t))
		var out bytes.Buffer
		w := New(&out, o)
		want := make([][]parquet.Value, len(empty))
		var rows int
		for range rapid.IntRange(0, 6).Draw(t, "batches") {
			n := rapid.IntRange(0, 300).Draw(t, "rows")
			rows += n
			for i := range empty {
				v := empty[i]
				draw(t, &v, n, variety)
				values := valuesOf(&v, i)
				want[i] = append(want[i], values...)
				must(t, add(t, w, i, &v, n))
			}
			if rapid.IntRange(0, 2).Draw(t, "end") == 0 {
				must(t, w.EndGroup())
			}
		}
		must(t, w.Close())
		f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
		must(t, err)
		if f.NumRows() != int64(rows) {
			t.Fatalf("%d rows are %d", rows, f.NumRows())
		}
		for i := range empty {
			same(t, f, i, want[i])
		}
	})
}

// worth draws which leaves have dictionaries.
func worth(t *rapid.T) []bool {
	return rapid.SliceOfN(rapid.Bool(), 0, 9).Draw(t, "dictionaries")
}

func must(t *rapid.T, err error) {
	if err != nil {
		t.Helper()
		t.Fatal(err)
	}
}

func add(t *rapid.T, w *Writer, leaf int, v *stream.Vector, rows int) error {
	switch way := rapid.IntRange(0, 2).Draw(t, "way"); {
	case way == 0:
		p, err := PieceOf(v)
		must(t, err)
		return w.Piece(leaf, p)
	case way == 1 && v.MaxRep == 0:
		all := make([]int32, rows)
		for i := range all {
			all[i] = int32(i)
		}
		return w.Rows(leaf, v, all)
	}
	return w.Vector(leaf, v, 0, v.Len())
}

func valuesOf(v *stream.Vector, column int) []parquet.Value {
	var out []parquet.Value
	for i, def := range v.Def {
		var x parquet.Value
		if def == v.MaxDef {
			switch v.Kind {
			case stream.Int, stream.Timestamp:
				x = parquet.Int64Value(v.Ints[i])
			case stream.Float:
				x = parquet.DoubleValue(v.Floats[i])
			case stream.Bool:
				x = parquet.BooleanValue(v.Bools[i])
			default:
				x = parquet.ByteArrayValue([]byte(v.Strs[i]))
			}
		}
		rep := 0
		if v.MaxRep > 0 {
			rep = int(v.Rep[i])
		}
		out = append(out, x.Level(rep, int(def), column))
	}
	return out
}

// same reads one column and holds it, and what the file says of it, against what was written.
func same(t *rapid.T, f *parquet.File, leaf int, want []parquet.Value) {
	var got []parquet.Value
	for g, group := range f.RowGroups() {
		chunk := group.ColumnChunks()[leaf]
		values := readPages(t, chunk.Pages())
		meta := f.Metadata().RowGroups[g].Columns[leaf].MetaData
		var lo, hi parquet.Value
		nulls := int64(0)
		for _, v := range values {
			switch {
			case v.IsNull():
				nulls++
				continue
			case lo.IsNull() || less(v, lo):
				lo = v
			}
			if hi.IsNull() || less(hi, v) {
				hi = v
			}
			if b := chunk.BloomFilter(); b != nil {
				if ok, err := b.Check(v); err != nil || !ok {
					t.Fatalf("leaf %d: the filter does not have %v: %v", leaf, v, err)
				}
			}
		}
		if meta.NumValues != int64(len(values)) || meta.Statistics.NullCount != nulls {
			t.Fatalf("leaf %d: %d values and %d nulls are told as %d and %d", leaf, len(values), nulls, meta.NumValues, meta.Statistics.NullCount)
		}
		if !lo.IsNull() && (!bytes.Equal(lo.Bytes(), meta.Statistics.MinValue) || !bytes.Equal(hi.Bytes(), meta.Statistics.MaxValue)) && lo.Kind() != parquet.Double {
			t.Fatalf("leaf %d: %v to %v is told as %x to %x", leaf, lo, hi, meta.Statistics.MinValue, meta.Statistics.MaxValue)
		}
		fromTheMiddle(t, chunk, values, group.NumRows()/2)
		got = append(got, values...)
	}
	if !slices.EqualFunc(got, want, func(a, b parquet.Value) bool {
		return parquet.DeepEqual(a, b) && a.DefinitionLevel() == b.DefinitionLevel() && a.RepetitionLevel() == b.RepetitionLevel()
	}) {
		t.Fatalf("leaf %d: %d values came back as %d others", leaf, len(want), len(got))
	}
}

// fromTheMiddle goes to a row by the index and reads what follows.
func fromTheMiddle(t *rapid.T, chunk parquet.ColumnChunk, values []parquet.Value, row int64) {
	at, left := 0, row
	for at < len(values) && (values[at].RepetitionLevel() > 0 || left > 0) {
		if at++; at < len(values) && values[at].RepetitionLevel() == 0 {
			left--
		}
	}
	pages := chunk.Pages()
	must(t, pages.SeekToRow(row))
	if got := readPages(t, pages); !slices.EqualFunc(got, values[at:], func(a, b parquet.Value) bool { return parquet.DeepEqual(a, b) }) {
		t.Fatalf("from row %d on there are %d values, not %d", row, len(got), len(values)-at)
	}
}

func less(a, b parquet.Value) bool {
	switch a.Kind() {
	case parquet.Int64:
		return a.Int64() < b.Int64()
	case parquet.Double:
		return a.Double() < b.Double()
	case parquet.Boolean:
		return !a.Boolean() && b.Boolean()
	}
	return cmp.Compare(string(a.ByteArray()), string(b.ByteArray())) < 0
}

func readPages(t *rapid.T, pages parquet.Pages) []parquet.Value {
	defer pages.Close()
	var out []parquet.Value
	for {
		p, err := pages.ReadPage()
		if err == io.EOF {
			return out
		}
		must(t, err)
		values := make([]parquet.Value, p.NumValues())
		n, err := p.Values().ReadValues(values)
		if n != len(values) || err != nil && err != io.EOF {
			t.Fatalf("%d of %d values: %v", n, len(values), err)
		}
		for _, v := range values {
			out = append(out, v.Clone())
		}
	}
}

// TestADictionaryEndsWhereItIsTooLarge writes more different values than a dictionary takes.
func TestADictionaryEndsWhereItIsTooLarge(t *testing.T) {
	leaves := stream.NewRows(columns[:1]).Leaves
	s, err := Schema(parquet.NewSchema("row", parquet.Group{"id": parquet.Optional(parquet.String())}))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := New(&out, Options{Schema: s, Leaves: leaves, Tools: NewTools(&zstd.Codec{}), Dictionaries: NewDictionaries(leaves, []bool{true})})
	v := leaves[0]
	for i := range 30_000 {
		v.AppendString(fmt.Sprintf("a value of its own %d", i), 0)
	}
	if err := w.Vector(0, &v, 0, v.Len()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	m := f.Metadata().RowGroups[0].Columns[0].MetaData
	if !slices.Contains(m.Encoding, format.RLEDictionary) || !slices.Contains(m.Encoding, format.DeltaByteArray) {
		t.Errorf("the column has the encodings %v", m.Encoding)
	}
	rows := parquet.NewGenericReader[struct {
		ID string `parquet:"id,optional"`
	}](f)
	defer rows.Close()
	got := make([]struct {
		ID string `parquet:"id,optional"`
	}, 30_001)
	n, err := rows.Read(got)
	if n != 30_000 || err != io.EOF {
		t.Fatalf("%d rows, %v", n, err)
	}
	for i := range n {
		if got[i].ID != v.Strs[i] {
			t.Fatalf("row %d is %q", i, got[i].ID)
		}
	}
}
