package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/tools/module"
)

// The bill of this program names what go.mod requires, twice in the same bytes.
func TestTheBillNamesEveryModule(t *testing.T) {
	modules, err := module.Linked("../..", module.Systems()...)
	if err != nil {
		t.Fatal(err)
	}
	var one, two bytes.Buffer
	for _, w := range []*bytes.Buffer{&one, &two} {
		if err := write(w, "v1.2.3", "2026-11-23T12:00:00Z", "go1.26.0", modules); err != nil {
			t.Fatal(err)
		}
	}
	if one.String() != two.String() {
		t.Error("two bills of one version differ")
	}
	var b bill
	if err := json.Unmarshal(one.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	if b.Metadata.Component.URL != "pkg:golang/github.com/inlay-sync/inlay@v1.2.3" || len(b.Components) != len(modules)+1 {
		t.Errorf("%+v, %d components for %d modules", b.Metadata.Component, len(b.Components), len(modules))
	}
	for _, path := range []string{"std", "github.com/parquet-go/parquet-go", "github.com/hashicorp/hcl/v2"} {
		found := false
		for _, c := range b.Components {
			found = found || c.Name == path && strings.HasPrefix(c.URL, "pkg:golang/"+path+"@") && c.Licences[0].Licence.ID != "" && (path == "std" || len(c.Hashes[0].Content) == 64)
		}
		if !found {
			t.Errorf("%s is missing or not described", path)
		}
	}
}

func TestAModuleWithoutAChecksumIsRefused(t *testing.T) {
	for _, sum := range []string{"", "h1:", "h1:AAAA", "h2:QmvMAjj2aEICytGiWzmxoE0x2KZvE0fvmqMOfy2tjT8="} {
		if err := write(&bytes.Buffer{}, "v1", "now", "go1.26.0", []module.Module{{Path: "a.b/c", Version: "v1.0.0", Sum: sum}}); err == nil {
			t.Errorf("%q was taken", sum)
		}
	}
}
