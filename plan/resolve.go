package plan

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Resolve is the spec that one target of c wants. built is what its table was built as, or
// nil: from it come a since that was resolved before and is still written the same, columns
// that the stream no longer declares, and, while the hash key is not at hand, the key's id.
// The spec shares the maps of c and built; nobody may change them.
func Resolve(c *lang.Config, t *lang.Target, built *spec.Spec, now time.Time) spec.Spec {
	s, _ := resolver{wanted: index(c), now: now, hashKeyID: HashKeyID(c.Inlay.HashKey)}.resolve(t, built)
	return s
}

// HashKeyID identifies the key of hashed columns without revealing it; "" for no key. It
// is slow by intent, so that a short key cannot be found by trying.
func HashKeyID(key setting.Secret) string {
	if key.IsZero() {
		return ""
	}
	id, err := pbkdf2.Key(sha256.New, key.Reveal(), []byte("inlay hash key"), 50_000, 8)
	if err != nil { // only for a length or count that cannot be
		return ""
	}
	return hex.EncodeToString(id)
}

// resolver is what all targets of one configuration are resolved with.
type resolver struct {
	wanted    wanted
	now       time.Time
	hashKeyID string
}

// resolve also returns the columns that on_schema_change = "ignore" keeps out of the table.
func (r resolver) resolve(t *lang.Target, built *spec.Spec) (spec.Spec, []string) {
	s := spec.Spec{Target: t.Settings, Key: t.Key, Cursor: t.Cursor, Updated: t.Updated}
	if src := r.wanted.sources[t.Source]; src != nil {
		s.Source = src.Settings
		if conn := r.wanted.connections[src.Connection]; conn != nil {
			s.Provider, s.Connection = conn.Provider, conn.Settings
		}
	}
	s.Since = r.since(s, built)
	var ignored []string
	s.Shape, ignored = keepColumns(t, built)
	if slices.ContainsFunc(s.Shape.Fields, func(f stream.Field) bool { return f.Hash }) {
		s.HashKeyID = r.hashKeyID
		if s.HashKeyID == "" && built != nil {
			s.HashKeyID = built.HashKeyID
		}
	}
	return s, ignored
}

// keepColumns is the target's shape, less what on_schema_change = "ignore" leaves out, and
// with the columns of the table that the stream no longer declares: their values stay.
func keepColumns(t *lang.Target, built *spec.Spec) (stream.Shape, []string) {
	if built == nil || sameShape(built.Shape, t.Shape) || built.Stream() != t.Stream.Name {
		return t.Shape, nil
	}
	sh := t.Shape
	sh.Fields = slices.Clone(sh.Fields)
	var ignored []string
	if t.Settings.String("on_schema_change") == "ignore" {
		sh.Fields, ignored = ignoreNew(built.Shape, sh.Fields)
	}
	match := matchFields(built.Shape.Fields, sh.Fields)
	for i, f := range built.Shape.Fields {
		if slices.Contains(match, i) {
			continue
		}
		_, declared := t.Stream.Column(place(f)[0])
		_, taken := fieldCalled(sh.Fields, f.Name)
		if !declared && !taken && !holds(sh.Omit, place(f)) {
			sh.Fields = append(sh.Fields, f)
		}
	}
	return inOrder(built.Shape, sh), ignored
}

// ignoreNew drops the fields that a table lacks, and keeps the table's types.
func ignoreNew(built stream.Shape, fields []stream.Field) ([]stream.Field, []string) {
	var out []stream.Field
	var ignored []string
	for i, at := range matchFields(built.Fields, fields) {
		f := fields[i]
		switch {
		case at < 0 && appears(built, f) == columnAdded:
			ignored = append(ignored, f.Name)
			continue
		case at >= 0 && built.Fields[at].Hash == f.Hash && !built.Fields[at].Type.Equal(f.Type):
			ignored = append(ignored, f.Name)
			f.Type = built.Fields[at].Type
		}
		out = append(out, f)
	}
	return out, ignored
}

// inOrder gives sh the order of the table's columns when both have the same ones: order
// alone is no reason to rebuild a table.
func inOrder(built, sh stream.Shape) stream.Shape {
	if len(built.Fields) != len(sh.Fields) {
		return sh
	}
	ordered := make([]stream.Field, len(sh.Fields))
	for i, at := range matchFields(built.Fields, sh.Fields) {
		if at < 0 {
			return sh
		}
		ordered[at] = sh.Fields[i]
	}
	sh.Fields = ordered
	if len(built.Omit) == len(sh.Omit) && !slices.ContainsFunc(sh.Omit, func(p []string) bool { return !holds(built.Omit, p) }) {
		sh.Omit = built.Omit
	}
	return sh
}

// since resolves the source's lower bound: an age is counted from now when it is first
// seen, and kept for as long as it is written the same.
func (r resolver) since(s spec.Spec, built *spec.Spec) string {
	text := s.Source.String("since")
	if built != nil && built.Since != "" && built.Source.String("since") == text {
		return built.Since
	}
	return resolveSince(text, r.now)
}
