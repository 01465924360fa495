package iceberg

import (
	"encoding/json"
	"strings"

	ice "github.com/apache/iceberg-go"

	"github.com/inlay-sync/inlay/table"
)

// origins say where the values of columns come from, by the column's name, as far as that is
// not the name itself. They tell a column that was renamed from one that went and one that
// came.
type origins map[string]string

func originsOf(m table.Manifest) origins {
	out := origins{}
	for _, f := range m.Spec.Shape.Fields {
		if from := strings.Join(f.From, "."); from != f.Name {
			out[f.Name] = from
		}
	}
	return out
}

func (o origins) of(column string) string {
	if from, ok := o[column]; ok {
		return from
	}
	return column
}

func (o origins) text() string {
	data, _ := json.Marshal(o) // texts by texts can always be written
	return string(data)
}

// readOrigins reads what text wrote; nothing, where it was not that.
func readOrigins(text string) origins {
	var o origins
	_ = json.Unmarshal([]byte(text), &o) // without it every column comes from its own name
	return o
}

// renamed are the columns that have another name now, by their former one: their values come
// from where they came from, and their type is the same.
func renamed(have, want []ice.NestedField, before, now origins) map[string]string {
	out := map[string]string{}
	for _, old := range have {
		if named(want, old.Name) >= 0 {
			continue
		}
		for _, f := range want {
			if named(have, f.Name) < 0 && now.of(f.Name) == before.of(old.Name) && sameType(f.Type, old.Type) {
				out[old.Name] = f.Name
				break
			}
		}
	}
	return out
}
