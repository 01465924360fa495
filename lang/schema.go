package lang

import (
	"maps"

	"github.com/hashicorp/hcl/v2"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
)

// schema is a list of settings made ready for decoding.
type schema struct {
	list     []setting.Setting
	byName   map[string]*setting.Setting
	body     *hcl.BodySchema
	inner    map[string]*schema // of the settings that are blocks
	defaults setting.Values     // with room for a few others
	names    []string           // of all that a body may hold
	last     setting.Values     // of the block that was decoded last
	spare    setting.Values     // a map that turned out to hold the same as last
}

// newSchema prepares settings. meta adds what every block of the four kinds may hold.
func newSchema(list []setting.Setting, meta bool) *schema {
	s := &schema{
		list: list, byName: map[string]*setting.Setting{}, body: &hcl.BodySchema{},
		inner: map[string]*schema{}, defaults: roomFor(list),
	}
	for i := range list {
		st := &list[i]
		s.byName[st.Name] = st
		s.names = append(s.names, st.Name)
		if st.Default != nil && !st.Ephemeral && !st.Place {
			s.defaults[st.Name] = st.Default
		}
		if st.Kind == setting.Block {
			s.addBlock(st)
			continue
		}
		s.body.Attributes = append(s.body.Attributes, hcl.AttributeSchema{Name: st.Name})
	}
	if meta {
		s.body.Attributes = append(s.body.Attributes, hcl.AttributeSchema{Name: "for_each"}, hcl.AttributeSchema{Name: "enabled"})
		s.body.Blocks = append(s.body.Blocks, hcl.BlockHeaderSchema{Type: "lifecycle"})
		s.names = append(s.names, "for_each", "enabled", "lifecycle")
	}
	return s
}

// roomFor is a map that need not grow while defaults and what is usually written beside
// them come into it, nor does a copy of it.
func roomFor(list []setting.Setting) setting.Values {
	usual := 1
	for i := range list {
		if list[i].Default != nil && !list[i].Place {
			usual++
		}
	}
	return make(setting.Values, usual)
}

func (s *schema) addBlock(st *setting.Setting) {
	header := hcl.BlockHeaderSchema{Type: st.Name}
	fields := make([]setting.Setting, 0, len(st.Fields))
	for _, f := range st.Fields {
		if f.Name != st.Label {
			f.Ephemeral = f.Ephemeral || st.Ephemeral
			fields = append(fields, f)
		}
	}
	if st.Label != "" {
		header.LabelNames = []string{st.Label}
	}
	s.body.Blocks = append(s.body.Blocks, header)
	s.inner[st.Name] = newSchema(fields, false)
}

// fill returns the defaults in a map of its own.
func (s *schema) fill() setting.Values {
	values := s.spare
	if values == nil {
		return maps.Clone(s.defaults)
	}
	s.spare = nil
	clear(values)
	maps.Copy(values, s.defaults)
	return values
}

// shared is a map that was filled and decoded into, or the one before if that holds the same.
func (s *schema) shared(values setting.Values) setting.Values {
	if values.Equal(s.last) {
		s.spare = values
		return s.last
	}
	s.last = values
	return values
}

// sourceSettings are what every source has beside its provider's own settings.
var sourceSettings = [...]setting.Setting{
	{Name: "connection", Kind: setting.Reference, RefKind: "connection", Required: true, Doc: "The connection that is asked."},
	{Name: "stream", Kind: setting.String, Required: true, Doc: "The stream that is read."},
}

// SourceSettings declares what every source has beside its provider's own settings.
func SourceSettings() []setting.Setting { return append([]setting.Setting(nil), sourceSettings[:]...) }

// MetaSettings declares what every block of the four kinds may hold beside its own settings.
func MetaSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "for_each", Kind: setting.Any, Doc: "A set of strings or a map: the block is made once for each, with each.key and each.value inside."},
		{Name: "enabled", Kind: setting.Bool, Default: true, Doc: "With false there are no imports; the table and what is remembered stay."},
		{Name: "lifecycle", Kind: setting.Block, Doc: "What may not happen to the block.", Fields: []setting.Setting{
			{Name: "prevent_destroy", Kind: setting.Bool, Default: false, Doc: "Refuses to delete, detach, remove or reimport, also once the block is gone, until false was applied."},
		}},
	}
}

// InlaySettings declares the inlay block.
func InlaySettings() []setting.Setting {
	return []setting.Setting{
		{Name: "required_version", Kind: setting.String, Doc: "The versions of inlay this configuration is for: \">= 0.1, < 2\"."},
		{Name: "warehouse", Kind: setting.String, Default: "warehouse", Doc: "The folder in which the tables stand, relative to the configuration, or a place on an object store: \"s3://bucket/prefix\"."},
		{Name: "state", Kind: setting.String, Default: ".inlay/state.json", Doc: "The file that remembers what was declared, relative to the configuration, or an object: \"s3://bucket/prefix/state.json\"."},
		{Name: "hash_key", Kind: setting.String, Ephemeral: true, Doc: "The key of the columns that have hash = true."},
		{Name: "webhook", Kind: setting.Block, Repeated: true, Label: "name", Doc: "An address that is told of runs.", Fields: []setting.Setting{
			{Name: "name", Kind: setting.String, Required: true, Doc: "What the webhook is called."},
			{Name: "url", Kind: setting.String, Required: true, Ephemeral: true, Check: setting.CheckURL, Doc: "Where to send."},
			{Name: "secret", Kind: setting.String, Ephemeral: true, Doc: "Signs what is sent."},
			{Name: "on", Kind: setting.Strings, Default: []any{"failure", "recovery"}, Values: []string{"failure", "recovery", "success"}, Doc: "What to tell of."},
		}},
	}
}

// schemaOf returns the schema of a block, or says why there is none.
func (l *load) schemaOf(id blockID, b *hcl.Block) (*schema, *hcl.Diagnostic) {
	key := blockID{kind: id.kind, typ: id.typ}
	if s := l.schemas[key]; s != nil {
		return s, nil
	}
	list, problem := l.settingsOf(id, b)
	if problem != nil {
		return nil, problem
	}
	s := newSchema(list, true)
	l.schemas[key] = s
	return s, nil
}

func (l *load) settingsOf(id blockID, b *hcl.Block) ([]setting.Setting, *hcl.Diagnostic) {
	switch id.kind {
	case addr.Schedule:
		return l.catalogue.Schedule, nil
	case addr.Target:
		list, ok := l.catalogue.Targets[id.typ]
		if !ok {
			if program, known := l.catalogue.Programs[id.typ]; known {
				return nil, problem(sumUnknownFormat, b.LabelRanges[0], "Tables of the format %q are kept by the program %s, which has the same commands: run it in place of this one.", id.typ, program)
			}
			return nil, problem(sumUnknownFormat, b.LabelRanges[0], "There is no table format %q.%s", id.typ, hint(id.typ, sortedKeys(l.catalogue.Targets)))
		}
		return list, nil
	}
	p, ok := l.catalogue.Providers[id.typ]
	if !ok {
		return nil, problem(sumUnknownProvider, b.LabelRanges[0], "There is no provider %q.%s", id.typ, hint(id.typ, sortedKeys(l.catalogue.Providers)))
	}
	if id.kind == addr.Connection {
		return p.Connection, nil
	}
	list := SourceSettings()
	for _, st := range p.Source {
		if st.Name != "connection" && st.Name != "stream" {
			list = append(list, st)
		}
	}
	return list, nil
}
