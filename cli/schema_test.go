package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/setting"
)

// The document leaves nothing out: every setting, stream, column and rule that is declared
// stands in it, and nothing in it is without words.
func TestSchemaDocumentIsWhole(t *testing.T) {
	s := &speech{world: world()}
	text, err := json.Marshal(s.schemaDocument())
	if err != nil {
		t.Fatal(err)
	}
	var d schemaDocument
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	for _, b := range s.blocks() {
		i := slices.IndexFunc(d.Blocks, func(x blockDocument) bool { return x.Name == b.Name })
		if i < 0 {
			t.Fatalf("%s is missing", b.Name)
		}
		sameSettings(t, b.Name, b.Settings, d.Blocks[i].Settings)
	}
	for i, p := range s.world.Providers {
		streams := p.Streams(defaults(p.ConnectionSettings()))
		if len(d.Providers[i].Streams) != len(streams) {
			t.Fatalf("%d streams, not %d", len(d.Providers[i].Streams), len(streams))
		}
		for k, st := range streams {
			got := d.Providers[i].Streams[k]
			if got.Name != st.Name || got.Doc == "" || len(got.Columns) != len(st.Columns) || !slices.Equal(got.Key, st.Key) {
				t.Errorf("%+v is not %+v", got, st)
			}
		}
	}
	if len(d.Rules) != len(plan.Rules()) || len(d.Functions) == 0 {
		t.Errorf("%d rules, %d functions", len(d.Rules), len(d.Functions))
	}
}

func sameSettings(t *testing.T, path string, want []setting.Setting, got []settingDocument) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: %d settings, not %d", path, len(got), len(want))
		return
	}
	for i, w := range want {
		if got[i].Name != w.Name || got[i].Kind != string(w.Kind) || got[i].Doc == "" || got[i].Required != w.Required || (got[i].Default == nil) != (w.Default == nil) {
			t.Errorf("%s.%s: %+v", path, w.Name, got[i])
		}
		sameSettings(t, path+"."+w.Name, w.Fields, got[i].Fields)
	}
}

// Every rule of effects is found at the attribute it is about, where there is one.
func TestEffectsStandAtTheirAttributes(t *testing.T) {
	s := &speech{world: world()}
	for _, b := range s.blocks() {
		if b.Kind == "" || b.Kind == "connection" {
			continue
		}
		for _, d := range b.document().Settings {
			if len(d.Effects) == 0 && len(d.Fields) == 0 && !strings.HasPrefix(d.Kind, "block") {
				t.Errorf("%s.%s: no rule says what a change of it does", b.Name, d.Name)
			}
		}
	}
}
