package providertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// stream checks one stream: read whole, read again, counted, read from its bookmark, and
// interrupted and resumed.
func (s *suite) stream(t *testing.T, d stream.Stream) {
	session := s.open(t)
	whole := s.read(t.Context(), t, session, nil, full(t, d))[0]
	if whole.err != nil {
		t.Fatal(whole.err)
	}
	if whole.final == nil || whole.final.Short() || !whole.final.Whole {
		t.Fatalf("a full read ends with %+v", whole.final)
	}
	if whole.final.Announced < 0 && whole.final.Proof == "" {
		t.Error("a read without an announced number does not say how complete it is")
	}
	if distinct := slices.Compact(sorted(whole.keys)); len(distinct) != len(whole.keys) {
		t.Errorf("%d rows, %d keys", len(whole.keys), len(distinct))
	}
	again := s.read(t.Context(), t, session, nil, full(t, d))[0]
	if !slices.Equal(again.keys, whole.keys) {
		t.Error("a second read gives other rows, or another order")
	}
	if n, err := session.Count(t.Context(), full(t, d)); err != nil || n >= 0 && n != whole.final.Received {
		t.Errorf("counted %d, %v; received %d", n, err, whole.final.Received)
	}
	s.selected(t, session, d, len(whole.keys))
	for _, cursor := range d.Cursors {
		s.advances(t, session, d, cursor, whole)
	}
	s.resumes(t, session, d, whole)
}

// selected checks that a read gives the columns of its shape and no others.
func (s *suite) selected(t *testing.T, session providers.Session, d stream.Stream, rows int) {
	t.Helper()
	r := full(t, d)
	sh, err := d.Shape(d.Key, nil, d.Key)
	if err != nil {
		t.Fatal(err)
	}
	r.Shape = sh
	if few := s.read(t.Context(), t, session, nil, r)[0]; few.err != nil || len(few.keys) != rows {
		t.Errorf("only the key's columns: %d rows of %d, %v", len(few.keys), rows, few.err)
	}
}

// advances checks that an incremental read begins with everything, and then has nothing
// that was not there.
func (s *suite) advances(t *testing.T, session providers.Session, d stream.Stream, cursor string, whole outcome) {
	t.Helper()
	first := s.read(t.Context(), t, session, nil, incremental(t, d, cursor, ""))[0]
	if first.err != nil || !slices.Equal(sorted(first.keys), sorted(whole.keys)) {
		t.Fatalf("first incremental read by %s: %d rows of %d, %v", cursor, len(first.keys), len(whole.keys), first.err)
	}
	if len(whole.keys) == 0 {
		return
	}
	if first.next == "" {
		t.Fatalf("an incremental read by %s ends without a bookmark", cursor)
	}
	for i, next := range first.nexts {
		if next == "" || i%3 != 0 {
			continue // as safe as its neighbours
		}
		rest := s.read(t.Context(), t, session, nil, incremental(t, d, cursor, next))[0]
		if both := slices.Compact(sorted(append(slices.Clone(first.keys[:first.at[i]]), rest.keys...))); !slices.Equal(both, sorted(whole.keys)) {
			t.Errorf("the bookmark of batch %d by %s is ahead of its rows: %d rows of %d", i, cursor, len(both), len(whole.keys))
		}
	}
	second := s.read(t.Context(), t, session, nil, incremental(t, d, cursor, first.next))[0]
	if second.err != nil || second.next != first.next {
		t.Errorf("nothing is new, and the bookmark moves from %s to %s, %v", first.next, second.next, second.err)
	}
	if len(second.keys) > len(whole.keys)/2+10 {
		t.Errorf("%d of %d rows read again where nothing is new", len(second.keys), len(whole.keys))
	}
}

// resumes checks that an interrupted read goes on without a loss, and that breaking off
// leaves the session usable.
func (s *suite) resumes(t *testing.T, session providers.Session, d stream.Stream, whole outcome) {
	t.Helper()
	half := len(whole.at) / 2
	if half == 0 {
		return
	}
	n := 0
	first := s.read(t.Context(), t, session, func(stream.Batch) bool { n++; return n == half }, full(t, d))[0]
	last := first.resumes[len(first.resumes)-1]
	if last == "" {
		return
	}
	r := full(t, d)
	r.Resume = last
	second := s.read(t.Context(), t, session, nil, r)[0]
	if second.err != nil || second.final == nil || second.final.Short() {
		t.Fatalf("resumed: %v, %+v", second.err, second.final)
	}
	if both := slices.Compact(sorted(append(first.keys, second.keys...))); !slices.Equal(both, sorted(whole.keys)) {
		t.Errorf("two attempts give %d rows, one gives %d", len(both), len(whole.keys))
	}
}

// several checks that every read of a request is answered, and that one that cannot be
// does not spoil the others.
func (s *suite) several(t *testing.T) {
	session := s.open(t)
	var reads []providers.Read
	for _, d := range s.provider.Streams(s.connect(t).Settings) {
		reads = append(reads, full(t, d))
	}
	bad := reads[0]
	bad.Stream = "no_such_stream"
	reads = append(reads, bad, reads[0])
	for i, o := range s.read(t.Context(), t, session, nil, reads...) {
		if reads[i].Stream == bad.Stream {
			if o.err == nil || o.err.Kind != providers.Setting {
				t.Errorf("a stream that is not: %v", o.err)
			}
			continue
		}
		if o.err != nil || o.final == nil {
			t.Errorf("%s: %v, %+v", reads[i].Stream, o.err, o.final)
		}
	}
}

// session checks what is not about reading.
func (s *suite) session(t *testing.T) {
	session := s.open(t)
	w, err := session.Identity(t.Context())
	if err != nil || w.ID == "" {
		t.Fatalf("identity %+v, %v", w, err)
	}
	if again, err := session.Identity(t.Context()); err != nil || again != w {
		t.Errorf("the identity changes: %+v, %+v, %v", w, again, err)
	}
	if calls := session.Calls(); calls.Requests != 2 {
		t.Errorf("%d requests for asking twice", calls.Requests)
	}
	if m, ok := s.provider.(providers.Bookmarks); ok && (m.Compare("", "") != 0 || m.Describe("") == "") {
		t.Error("the beginning is a bookmark too")
	}
}

// errors checks that refusals have a kind and no secret.
func (s *suite) errors(t *testing.T) {
	session := s.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d := s.provider.Streams(s.connect(t).Settings)[0]
	if o := s.read(ctx, t, session, nil, full(t, d))[0]; o.err == nil || o.err.Kind != providers.Interrupted || o.final != nil {
		t.Errorf("a read whose context is over: %v", o.err)
	}
	c := s.connect(t)
	for name := range c.Secrets {
		c.Secrets[name] = setting.NewSecret("canary-wrong")
	}
	wrong, err := s.provider.Open(t.Context(), c)
	if err == nil {
		_, err = wrong.Identity(t.Context())
		if cerr := wrong.Close(); cerr != nil {
			t.Error(cerr)
		}
	}
	var kind providers.ErrorKind
	if e, ok := err.(*providers.Error); ok {
		kind = e.Kind
	}
	if len(c.Secrets) > 0 && kind != providers.Unauthorized {
		t.Errorf("wrong credentials: %v, want unauthorized", err)
	}
	for _, secret := range c.Secrets {
		if text := fmt.Sprintf("%v %+v %#v", err, err, err); secret.Reveal() != "" && strings.Contains(text, secret.Reveal()) {
			t.Error("an error shows a secret")
		}
	}
}
