package state

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// What is read member by member is what encoding/json reads of the same text.
func TestManyAreReadAlikeBothWays(t *testing.T) {
	quick := 0
	rapid.Check(t, func(rt *rapid.T) {
		data := mustEncode(t, generated(rt))
		got, want := stored{State: &State{}}, stored{State: &State{}}
		rest, ok := got.many(data)
		if !ok {
			return
		}
		quick++
		for text, into := range map[string]*stored{string(rest): &got, string(data): &want} {
			d := json.NewDecoder(bytes.NewReader([]byte(text)))
			d.UseNumber()
			if err := d.Decode(into); err != nil {
				rt.Fatalf("%v\n%s", err, text)
			}
			if err := into.restoreTargets(*into); err != nil {
				rt.Fatalf("%v\n%s", err, text)
			}
		}
		got.Targets, want.Targets, got.named, want.named = nil, nil, nil, nil // both stand in the State now
		if !reflect.DeepEqual(got, want) {
			rt.Fatalf("%s\nis read as\n%+v\nand should be\n%+v", data, got, want)
		}
	})
	if quick == 0 {
		t.Error("none of the states was read member by member")
	}
}
