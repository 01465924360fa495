package providertest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
)

// outcome is what one read of a request came to.
type outcome struct {
	keys    []string
	at      []int // rows yielded up to and including each batch
	resumes []stream.Bookmark
	nexts   []stream.Bookmark // of each batch
	next    stream.Bookmark
	final   *stream.Final
	err     *providers.Error
}

// read takes all batches of a request, checking each; stop ends the loop early.
func (s *suite) read(ctx context.Context, t *testing.T, session providers.Session, stop func(stream.Batch) bool, reads ...providers.Read) []outcome {
	t.Helper()
	out := make([]outcome, len(reads))
	for b, err := range session.Read(ctx, providers.Request{Reads: reads}) {
		if b.Read < 0 || b.Read >= len(reads) {
			t.Fatalf("a batch of read %d of %d", b.Read, len(reads))
		}
		o, r := &out[b.Read], reads[b.Read]
		if o.final != nil || o.err != nil {
			t.Fatalf("%s goes on after its end", r.Stream)
		}
		if err != nil {
			if !errors.As(err, &o.err) || o.err.Kind == "" || o.err.Summary == "" || o.err.Detail == "" || o.err.Read != b.Read {
				t.Fatalf("%s: an error that is not a whole *providers.Error: %#v", r.Stream, err)
			}
			continue
		}
		s.batch(t, r, b, o)
		if stop != nil && stop(b) {
			break
		}
	}
	return out
}

func (s *suite) batch(t *testing.T, r providers.Read, b stream.Batch, o *outcome) {
	t.Helper()
	if b.Rows != nil {
		shaped(t, r, b.Rows)
		o.keys = append(o.keys, keys(t, s.declared(t, r.Stream), b.Rows)...)
	}
	o.at = append(o.at, len(o.keys))
	o.resumes, o.nexts = append(o.resumes, b.Resume), append(o.nexts, b.Next)
	if m, ok := s.provider.(providers.Bookmarks); ok && b.Next != "" {
		if m.Compare(b.Next, o.next) < 0 || m.Compare(b.Next, r.From) < 0 {
			t.Errorf("%s: the bookmark goes back", r.Stream)
		}
		if m.Describe(b.Next) == "" {
			t.Errorf("%s: the bookmark cannot be described", r.Stream)
		}
	}
	if b.Next != "" {
		o.next = b.Next
	}
	o.final = b.Final
}

func (s *suite) declared(t *testing.T, name string) stream.Stream {
	t.Helper()
	for _, d := range s.provider.Streams(s.connect(t).Settings) {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no stream %q", name)
	return stream.Stream{}
}

// shaped checks that rows are of the shape that was asked for, level by level.
func shaped(t *testing.T, r providers.Read, rows *stream.Rows) {
	t.Helper()
	want := stream.NewRows(r.Shape.Columns())
	if len(rows.Leaves) != len(want.Leaves) {
		t.Fatalf("%s: %d leaves, want %d", r.Stream, len(rows.Leaves), len(want.Leaves))
	}
	for i := range rows.Leaves {
		v, w := &rows.Leaves[i], &want.Leaves[i]
		if !slices.Equal(v.Path, w.Path) || v.Kind != w.Kind || v.MaxDef != w.MaxDef || v.MaxRep != w.MaxRep {
			t.Fatalf("%s: leaf %v is not the shape's %v", r.Stream, v.Path, w.Path)
		}
		if problem := sound(v, rows.N); problem != "" {
			t.Fatalf("%s: leaf %v: %s", r.Stream, v.Path, problem)
		}
	}
}

// sound says what is wrong with a vector of n rows.
func sound(v *stream.Vector, n int) string {
	values := map[stream.Kind]int{stream.Int: len(v.Ints), stream.Timestamp: len(v.Ints), stream.Float: len(v.Floats),
		stream.Bool: len(v.Bools), stream.String: len(v.Strs), stream.JSON: len(v.Strs)}[v.Kind]
	if values != v.Len() {
		return "values and levels differ in number"
	}
	begun := v.Len()
	if v.MaxRep > 0 {
		begun = 0
		for _, r := range v.Rep {
			if r == 0 {
				begun++
			}
		}
		if len(v.Rep) != v.Len() || v.Len() > 0 && v.Rep[0] != 0 || slices.Max(append([]uint8{0}, v.Rep...)) > v.MaxRep {
			return "repetition levels that cannot be"
		}
	}
	if begun != n {
		return "it does not have an entry for every row"
	}
	if slices.Max(append([]uint8{0}, v.Def...)) > v.MaxDef {
		return "definition levels that cannot be"
	}
	return ""
}

// keys are the keys of the rows, which are never null.
func keys(t *testing.T, d stream.Stream, rows *stream.Rows) []string {
	t.Helper()
	out := make([]string, rows.N)
	for _, name := range d.Key {
		v := rows.Leaf(name)
		if v == nil || v.Kind != stream.String {
			t.Fatalf("%s: the key column %q is missing or no string", d.Name, name)
		}
		for i := range out {
			if v.Null(i) || v.Strs[i] == "" {
				t.Fatalf("%s: row %d has no %q", d.Name, i, name)
			}
			out[i] = strings.TrimPrefix(out[i]+"\x00"+v.Strs[i], "\x00")
		}
	}
	return out
}

func sorted(keys []string) []string {
	out := slices.Clone(keys)
	slices.Sort(out)
	return out
}
