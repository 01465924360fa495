package plan

import (
	"slices"

	"github.com/inlay-sync/inlay/setting"
)

// same reports whether two settings hold the same value. A number is its value, whether
// it came from a configuration (int64) or from JSON (float64); absent, nil and empty lists
// and blocks are all "not set".
func same(a, b any) bool {
	if unset(a) || unset(b) {
		return unset(a) && unset(b)
	}
	if m, ok := asMap(a); ok {
		n, ok := asMap(b)
		return ok && sameMap(m, n)
	}
	if l, ok := a.([]any); ok {
		k, ok := b.([]any)
		return ok && slices.EqualFunc(l, k, same)
	}
	switch a := a.(type) {
	case string:
		s, ok := b.(string)
		return ok && a == s
	case bool:
		t, ok := b.(bool)
		return ok && a == t
	}
	return sameNumber(a, b)
}

func sameMap(a, b map[string]any) bool {
	both := 0
	for k, v := range a {
		w, ok := b[k]
		if !same(v, w) {
			return false
		}
		if ok {
			both++
		}
	}
	if both == len(b) {
		return true
	}
	for k, v := range b {
		if _, ok := a[k]; !ok && !unset(v) {
			return false
		}
	}
	return true
}

func sameNumber(a, b any) bool {
	i, aInt := asInt(a)
	j, bInt := asInt(b)
	if aInt && bInt {
		return i == j
	}
	v := setting.Values{"a": a, "b": b}
	return number(a) && number(b) && v.Float("a") == v.Float("b")
}

func number(v any) bool {
	switch v.(type) {
	case int, int64, float64:
		return true
	}
	return false
}

func asInt(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	}
	return 0, false
}

func asMap(v any) (map[string]any, bool) {
	switch m := v.(type) {
	case map[string]any:
		return m, true
	case setting.Values:
		return m, true
	}
	return nil, false
}

func unset(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	case setting.Values:
		return len(v) == 0
	}
	return false
}

// difference is one setting whose value is not the same on both sides.
type difference struct {
	path          string // "mode", "oauth.account", "expect.words.min_rows"
	before, after any
}

// differences lists what differs between two blocks' settings, in order of path. A nested
// block is compared inside when both sides have it, a repeated one by its label.
func differences(before, after map[string]any) []difference {
	if sameMap(before, after) {
		return nil
	}
	var out []difference
	for _, k := range unionKeys(before, after) {
		out = appendDifferences(out, k, before[k], after[k])
	}
	return out
}

func appendDifferences(out []difference, path string, before, after any) []difference {
	if same(before, after) {
		return out
	}
	m, isMap := asMap(before)
	n, bothMaps := asMap(after)
	if !isMap || !bothMaps {
		m, isMap = byLabel(before)
		n, bothMaps = byLabel(after)
	}
	if !isMap || !bothMaps {
		return append(out, difference{path, before, after})
	}
	for _, k := range unionKeys(m, n) {
		out = appendDifferences(out, path+"."+k, m[k], n[k])
	}
	return out
}

// byLabel turns a repeated block into its instances by name; false when v is none. A
// repeated block that is absent has no instances.
func byLabel(v any) (map[string]any, bool) {
	if v == nil {
		return nil, true
	}
	list, ok := v.([]any)
	if !ok {
		return nil, false
	}
	out := map[string]any{}
	for _, e := range list {
		m, ok := asMap(e)
		name, labelled := m["name"].(string)
		if !ok || !labelled {
			return nil, false
		}
		out[name] = m
	}
	return out, true
}

func unionKeys(a, b map[string]any) []string {
	keys := make([]string, 0, len(a))
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}
