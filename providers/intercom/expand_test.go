package intercom

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/stream"
)

func TestExpandCompletesTruncatedLists(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 95, Contacts: 60, Growth: -1, Behaviour: sandbox.Behaviour{ManyTags: 3}}, nil)
	read := full("contacts")
	read.Settings["expand"] = []any{"tags", "companies"}
	plain, whole := r.read(full("contacts"))[0], r.read(read)[0]
	if whole.err != nil {
		t.Fatal(whole.err)
	}
	sameIDs(t, "contacts", whole.ids, plain.ids)
	cut, complete := 0, 0
	for i, n := range counts(t, whole, "tags_count") {
		shown, all := lengths(plain, "tags")[i], lengths(whole, "tags")[i]
		if int64(all) != n {
			t.Errorf("contact %d has %d tags of %d", i, all, n)
		}
		if shown < all {
			cut++
		}
		if all > 10 {
			complete++
		}
	}
	if cut == 0 || cut != complete {
		t.Errorf("%d lists were cut and %d are longer than ten", cut, complete)
	}
	if whole.batches[0].Rows.Unknown != 0 || whole.batches[0].Rows.Misfits != 0 {
		t.Error("completed lists have another form than those of a search")
	}
	for _, name := range []string{"conversations", "tags"} {
		bad := full(name)
		bad.Settings["expand"] = []any{"tags"}
		if g := r.read(bad)[0]; g.err == nil || g.err.Kind != providers.Setting {
			t.Errorf("%s cannot be expanded: %v", name, g.err)
		}
	}
}

func counts(t *testing.T, g got, column string) []int64 {
	t.Helper()
	var out []int64
	for _, b := range g.batches {
		if b.Rows != nil {
			out = append(out, b.Rows.Leaf(column).Ints...)
		}
	}
	return out
}

// lengths are how many elements a list column has, row by row.
func lengths(g got, column string) []int {
	var out []int
	for _, b := range g.batches {
		if b.Rows == nil {
			continue
		}
		for _, v := range b.Rows.Leaves {
			if v.Path[0] == column && v.Path[1] == "id" {
				out = append(out, elements(v)...)
			}
		}
	}
	return out
}

func elements(v stream.Vector) []int {
	var out []int
	for i := range v.Def {
		if v.Rep[i] == 0 {
			out = append(out, 0)
		}
		if v.Def[i] >= 2 { // a list, an element in it
			out[len(out)-1]++
		}
	}
	return out
}

func TestRebuiltObjectsKeepTheirMembers(t *testing.T) {
	for _, c := range []struct{ list, members, want string }{
		{"data", `{"a":1,"type":"list"}`, `{"a":1,"type":"list","data":[7,8]}`},
		{"tags.data", `{"id":"x","tags.type":"list","tags.total_count":12,"z":[]}`, `{"id":"x","z":[],"tags":{"data":[7,8],"type":"list","total_count":12}}`},
		{"data", `{"a\"b\\":1}`, `{"a\"b\\":1,"data":[7,8]}`},
		{"tags.data", `{}`, `{"tags":{"data":[7,8]}}`},
	} {
		var members map[string]json.RawMessage
		var got, want any
		if err := json.Unmarshal([]byte(c.members), &members); err != nil {
			t.Fatal(err)
		}
		text := rebuilt(members, c.list, []byte("7,8"))
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if err := json.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s, want %s", text, c.want)
		}
	}
}
