package lang

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/setting"
)

// The listed blocks are those that a file may hold beside the four kinds and inlay, and
// hold what is listed of them: every attribute is known to the decoder.
func TestConstructsAreWhatAFileMayHold(t *testing.T) {
	listed := map[string]Construct{"inlay": {}, "connection": {}, "source": {}, "target": {}, "schedule": {}}
	for _, c := range Constructs() {
		listed[c.Name] = c
	}
	for _, b := range fileSchema.Blocks {
		c, ok := listed[b.Type]
		if !ok {
			t.Errorf("%s is not listed", b.Type)
		}
		if c.Name != "" && (len(b.LabelNames) > 0) != (c.Label != "") {
			t.Errorf("%s: label %q, and a file wants %v", b.Type, c.Label, b.LabelNames)
		}
		delete(listed, b.Type)
	}
	for name := range listed {
		t.Errorf("%s is listed and cannot be written", name)
	}
	for _, c := range Constructs() {
		for _, s := range c.Settings {
			text := c.Name + " {\n  " + s.Name + " = null\n}\n"
			if c.Label != "" {
				text = c.Name + " \"x\" {\n  " + s.Name + " = null\n}\n"
			}
			if s.Kind == setting.Block {
				text = strings.Replace(text, " = null", " {}", 1)
			}
			_, diags := Load(".", testCatalogue(), inMemory(map[string]string{"a.hcl": text}))
			for _, d := range diags {
				if strings.Contains(d.Summary, "Unsupported") {
					t.Errorf("%s.%s: %s: %s", c.Name, s.Name, d.Summary, d.Detail)
				}
			}
		}
	}
}

// The example of each listed block is valid, uses every attribute listed, and is refused
// once it holds one that is not.
func TestExamplesOfConstructs(t *testing.T) {
	for _, c := range append(Constructs(), Dynamic()) {
		if c.Example == "" {
			continue
		}
		load := func(text string) Diagnostics {
			_, diags := Load(".", testCatalogue(), inMemory(map[string]string{"a.hcl": text}))
			return diags
		}
		if diags := load(c.Example); diags.HasErrors() {
			t.Errorf("%s: %v", c.Name, diags)
		}
		used := regexp.MustCompile(`\w+`).FindAllString(c.Example, -1)
		for _, s := range c.Settings {
			if !slices.Contains(used, s.Name) {
				t.Errorf("the example of %s does not use %s", c.Name, s.Name)
			}
		}
		if broken := strings.Replace(c.Example, "{\n", "{\n  no_such_thing = 1\n", 1); c.Others == "" && !load(broken).HasErrors() {
			t.Errorf("%s accepts an attribute that it does not have", c.Name)
		}
	}
}
