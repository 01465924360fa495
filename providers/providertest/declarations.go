package providertest

import (
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

func declarations(t *testing.T, p providers.Provider, connection setting.Values) {
	if p.Name() == "" || p.Doc() == "" {
		t.Error("the provider has no name or doc")
	}
	settings(t, "connection", p.ConnectionSettings())
	settings(t, "source", p.SourceSettings())
	seen := map[string]bool{}
	for _, d := range p.Streams(connection) {
		if d.Name == "" || d.Doc == "" || seen[d.Name] {
			t.Errorf("stream %q has no name or doc, or stands twice", d.Name)
		}
		seen[d.Name] = true
		declaration(t, d)
	}
	if len(seen) == 0 {
		t.Error("there are no streams")
	}
}

func declaration(t *testing.T, d stream.Stream) {
	if len(d.Key) == 0 {
		t.Errorf("%s has no key", d.Name)
	}
	for _, name := range append(append([]string{}, d.Key...), d.Cursors...) {
		if _, ok := d.Column(name); !ok {
			t.Errorf("%s names the column %q and does not declare it", d.Name, name)
		}
	}
	for _, name := range d.Cursors {
		if c, _ := d.Column(name); c.Type.Kind != stream.Timestamp && c.Type.Kind != stream.Int {
			t.Errorf("%s has the cursor %q, which is a %s", d.Name, name, c.Type)
		}
	}
	if _, ok := d.Column(d.Updated); d.Updated != "" && !ok {
		t.Errorf("%s names the column %q and does not declare it", d.Name, d.Updated)
	}
	if _, err := d.Shape(nil, nil, d.Key); err != nil {
		t.Errorf("%s has no shape: %v", d.Name, err)
	}
	columns(t, d.Name, d.Columns)
}

func columns(t *testing.T, where string, list []stream.Column) {
	seen := map[string]bool{}
	for _, c := range list {
		if c.Name == "" || c.Doc == "" || seen[c.Name] {
			t.Errorf("%s: column %q has no name or doc, or stands twice", where, c.Name)
		}
		seen[c.Name] = true
		switch c.Type.Kind {
		case stream.Struct:
			columns(t, where+"."+c.Name, c.Type.Fields)
		case stream.List:
			columns(t, where+"."+c.Name, c.Type.Elem.Fields)
		case stream.String, stream.Int, stream.Float, stream.Bool, stream.Timestamp, stream.JSON:
		default:
			t.Errorf("%s: column %q has the unknown kind %q", where, c.Name, c.Type.Kind)
		}
	}
}

func settings(t *testing.T, where string, list []setting.Setting) {
	seen := map[string]bool{}
	for _, s := range list {
		if s.Name == "" || s.Doc == "" || seen[s.Name] {
			t.Errorf("%s: setting %q has no name or doc, or stands twice", where, s.Name)
		}
		seen[s.Name] = true
		if s.Ephemeral && s.Default != nil {
			t.Errorf("%s: the ephemeral setting %q has a default", where, s.Name)
		}
		if s.Required && s.Default != nil {
			t.Errorf("%s: the required setting %q has a default", where, s.Name)
		}
		settings(t, where+"."+s.Name, s.Fields)
	}
}
