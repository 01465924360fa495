package intercom

import (
	"testing"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

func TestDeclarationsHoldTogether(t *testing.T) {
	seen := map[string]bool{}
	p := New()
	for _, d := range p.streams {
		if seen[d.Name] {
			t.Errorf("%s is declared twice", d.Name)
		}
		seen[d.Name] = true
		if d.Doc == "" || d.permission == "" || d.way == nil || len(d.Key) == 0 {
			t.Errorf("%s lacks its doc, permission, way or key", d.Name)
		}
		for _, want := range append(append([]string{d.Updated}, d.Key...), d.Cursors...) {
			if _, ok := d.Column(want); want != "" && !ok {
				t.Errorf("%s names %q as key, cursor or updated and does not declare it", d.Name, want)
			}
		}
		for _, w := range d.wrapped {
			if c, _ := d.Column(w.Column); c.Type.Kind != stream.List {
				t.Errorf("%s wraps %q, which is no list", d.Name, w.Column)
			}
			if c, _ := d.Column(w.Count); w.Count != "" && c.Type.Kind != stream.Int {
				t.Errorf("%s counts into %q, which is no int", d.Name, w.Count)
			}
		}
		if _, ok := p.declaration(d.Parent); d.Parent != "" && !ok {
			t.Errorf("%s has the unknown parent %q", d.Name, d.Parent)
		}
		if sh, err := d.Shape(nil, nil, nil); err != nil {
			t.Errorf("%s has no shape: %v", d.Name, err)
		} else if n := len(stream.NewRows(sh.Columns()).Leaves); n == 0 {
			t.Errorf("%s has no leaves", d.Name)
		}
		checkDocs(t, d.Name, d.Columns)
	}
	if len(p.streams) != 31 {
		t.Errorf("%d streams, want 31", len(p.streams))
	}
}

func checkDocs(t *testing.T, where string, columns []stream.Column) {
	seen := map[string]bool{}
	for _, c := range columns {
		if c.Doc == "" || seen[c.Name] {
			t.Errorf("%s.%s has no doc or stands twice", where, c.Name)
		}
		seen[c.Name] = true
		fields := c.Type.Fields
		if c.Type.Elem != nil {
			fields = c.Type.Elem.Fields
		}
		checkDocs(t, where+"."+c.Name, fields)
	}
}

func TestStreamsFollowTheVersion(t *testing.T) {
	names := func(v string) map[string]stream.Stream {
		out := map[string]stream.Stream{}
		for _, s := range New().Streams(setting.Values{"api_version": v}) {
			out[s.Name] = s
		}
		return out
	}
	old, new := names("2.9"), names("2.16")
	if _, ok := old["tickets"]; ok {
		t.Error("tickets came with 2.10")
	}
	if _, ok := new["macros"]; !ok {
		t.Error("2.16 has macros")
	}
	if _, ok := old["conversations"]; !ok {
		t.Error("conversations are in every version")
	} else if old := old["conversations"]; columnNamed(old, "channel") {
		t.Error("the channel came with 2.16")
	}
	if was, is := names("2.11")["tickets"], new["tickets"]; typeOf(was, "ticket_state").Equal(typeOf(is, "ticket_state")) {
		t.Error("ticket_state changed its type with 2.12")
	}
}

func columnNamed(s stream.Stream, name string) bool   { _, ok := s.Column(name); return ok }
func typeOf(s stream.Stream, name string) stream.Type { c, _ := s.Column(name); return c.Type }

func TestParseVersion(t *testing.T) {
	for text, want := range map[string]version{"2.16": {2, 16}, "2.9": {2, 9}, "Preview": preview, "Unstable": preview} {
		if v, ok := parseVersion(text); !ok || v != want {
			t.Errorf("parseVersion(%q) = %v, %v", text, v, ok)
		}
	}
	for _, text := range []string{"", "2", "2.", ".1", "2.016", "2.1.0", "-2.1", "2.1 ", "v2.1", "2,1"} {
		if v, ok := parseVersion(text); ok {
			t.Errorf("parseVersion(%q) = %v", text, v)
		}
	}
	if nine, ten := (version{2, 9}), (version{2, 10}); nine.atLeast(ten) || !ten.atLeast(nine) {
		t.Error("2.9 comes before 2.10")
	}
}
