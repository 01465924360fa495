package cli

import (
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// schemaDocument is what schema -format=json prints: everything that can be written, and
// what a change of it does.
type schemaDocument struct {
	Format    int                `json:"format"`
	Blocks    []blockDocument    `json:"blocks"`
	Providers []offerDocument    `json:"providers"`
	Rules     []plan.Rule        `json:"rules"` // the effects of changes; the first that applies counts
	Functions []functionDocument `json:"functions"`
}

type blockDocument struct {
	Name     string            `json:"name"`
	Doc      string            `json:"doc,omitempty"`
	Labels   []string          `json:"labels,omitempty"` // that stand behind the kind
	Others   string            `json:"others,omitempty"` // what any other name in it is
	Settings []settingDocument `json:"settings"`
}

type settingDocument struct {
	Name       string            `json:"name"`
	Kind       string            `json:"kind"`
	Doc        string            `json:"doc"`
	Default    any               `json:"default,omitempty"`
	Required   bool              `json:"required,omitempty"`
	Values     []string          `json:"values,omitempty"`
	Refers     string            `json:"refers_to,omitempty"` // the kind of block that a reference names
	Check      string            `json:"check,omitempty"`
	Ephemeral  bool              `json:"ephemeral,omitempty"`
	Deprecated string            `json:"deprecated,omitempty"`
	Label      string            `json:"label,omitempty"` // of a block: the field that holds its label
	Repeated   bool              `json:"repeated,omitempty"`
	Fields     []settingDocument `json:"fields,omitempty"`
	// Effects are what a change of it does to data, the first that applies counting.
	Effects []effectDocument `json:"effects,omitempty"`
}

type effectDocument struct {
	Effect plan.Effect `json:"effect"`
	When   string      `json:"when,omitempty"`
	Why    string      `json:"why"`
}

type offerDocument struct {
	Provider string           `json:"provider"`
	Doc      string           `json:"doc"`
	Streams  []streamDocument `json:"streams"`
}

type streamDocument struct {
	Name       string          `json:"name"`
	Doc        string          `json:"doc"`
	Key        []string        `json:"key"`
	Cursors    []string        `json:"cursors"` // the default first; none: full reads only
	Updated    string          `json:"updated,omitempty"`
	MinVersion string          `json:"min_version,omitempty"`
	Parent     string          `json:"parent,omitempty"` // the stream it is read through
	Announced  bool            `json:"announced"`        // the service says how many rows there are
	Columns    []stream.Column `json:"columns"`
}

type functionDocument struct {
	Name   string   `json:"name"`
	Params []string `json:"params"`
	Doc    string   `json:"doc"`
}

func (s *speech) schemaDocument() schemaDocument {
	d := schemaDocument{Format: 1, Rules: plan.Rules()}
	for _, b := range s.blocks() {
		d.Blocks = append(d.Blocks, b.document())
	}
	for _, c := range append(lang.Constructs(), lang.Dynamic()) {
		d.Blocks = append(d.Blocks, constructDocument(c))
	}
	for _, p := range s.world.Providers {
		o := offerDocument{Provider: p.Name(), Doc: p.Doc(), Streams: []streamDocument{}}
		for _, st := range p.Streams(defaults(p.ConnectionSettings())) {
			o.Streams = append(o.Streams, documentOf(st))
		}
		d.Providers = append(d.Providers, o)
	}
	for _, f := range lang.Functions() {
		d.Functions = append(d.Functions, functionDocument{f.Name, list(f.Params), f.Doc})
	}
	return d
}

func constructDocument(c lang.Construct) blockDocument {
	b := blockDocument{Name: c.Name, Doc: c.Doc, Others: c.Others, Settings: settingDocuments("", "", c.Settings)}
	if c.Label != "" {
		b.Labels = []string{c.Label}
	}
	return b
}

func (b block) document() blockDocument {
	return blockDocument{Name: b.Name, Settings: settingDocuments(b.Kind, "", b.Settings)}
}

func documentOf(st stream.Stream) streamDocument {
	return streamDocument{st.Name, st.Doc, list(st.Key), list(st.Cursors), st.Updated, st.MinVersion, st.Parent, st.Announced, st.Columns}
}

// list is never null in JSON.
func list(of []string) []string {
	if of == nil {
		return []string{}
	}
	return of
}

// settingDocuments describes settings of a kind of block; prefix is the path of the block
// they stand in.
func settingDocuments(kind, prefix string, settings []setting.Setting) []settingDocument {
	out := []settingDocument{}
	for _, d := range settings {
		out = append(out, settingDocument{
			Name: d.Name, Kind: string(d.Kind), Doc: d.Doc, Default: d.Default, Required: d.Required, Values: d.Values, Refers: d.RefKind,
			Check: string(d.Check), Ephemeral: d.Ephemeral, Deprecated: d.Deprecated, Label: d.Label, Repeated: d.Repeated,
			Fields: settingDocuments(kind, prefix+d.Name+".", d.Fields), Effects: effectsOn(kind, prefix+d.Name),
		})
	}
	return out
}

// effectsOn are the rules about one attribute of a kind of block.
func effectsOn(kind, attribute string) []effectDocument {
	var out []effectDocument
	for _, r := range plan.Rules() {
		if string(r.Block) == kind && (r.Attribute == attribute || r.Attribute == "*") {
			out = append(out, effectDocument{r.Effect, r.When, r.Why})
		}
	}
	return out
}
