package state

import (
	"encoding/json"

	"github.com/inlay-sync/inlay/setting"
)

// plainValues gives the numbers of settings and outputs the Go forms that settings have:
// int64 where they are whole and fit, float64 otherwise.
func plainValues(v setting.Values) {
	for name, value := range v {
		if p := plain(value); isNumber(value) {
			v[name] = p
		}
	}
}

func isNumber(value any) bool { _, ok := value.(json.Number); return ok }

// plain returns a number in its Go form, and anything else as it is, with the numbers
// inside it made plain in place.
func plain(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil && v != "-0" {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return v.String() // a number beyond float64: none of ours
	case map[string]any:
		plainValues(v)
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	}
	return value
}
