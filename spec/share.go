package spec

import (
	"maps"

	"github.com/inlay-sync/inlay/setting"
)

// Split takes a spec apart into what many tables have in common and the settings that are
// one table's own, its path, so that files which hold many specs can hold the first once.
// Join puts them together again.
func (s Spec) Split() (shared Spec, own setting.Values) {
	rest := s.Target
	for _, name := range []string{"database", "table"} {
		v, ok := s.Target[name]
		if !ok {
			continue
		}
		if own == nil {
			own, rest = setting.Values{}, maps.Clone(s.Target)
		}
		own[name] = v
		delete(rest, name)
	}
	shared = s
	shared.Target = rest
	return shared, own
}

// WithRoom is s, to be joined many times: a copy of its target's settings has room for what
// Join adds, and need not grow.
func (s Spec) WithRoom() Spec {
	target := make(setting.Values, len(s.Target)+2)
	maps.Copy(target, s.Target)
	s.Target = target
	return s
}

// Join is the spec that Split took apart. It shares all but the target's settings with s.
func (s Spec) Join(own setting.Values) Spec {
	if len(own) == 0 {
		return s
	}
	target := maps.Clone(s.Target) // as a whole, which is much faster than one by one
	if target == nil {
		target = setting.Values{}
	}
	maps.Copy(target, own)
	s.Target = target
	return s
}
