package table

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/internal/members"
	"github.com/inlay-sync/inlay/spec"
)

// The line that is read member by member is the one that encoding/json reads, and those of
// ordinary commits are read so.
func TestLinesAreReadAlikeBothWays(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	h.load(tbl, s, many(0, 40))
	for n := int64(1); n <= 2; n++ {
		m, err := tbl.Manifest(n)
		if err != nil {
			t.Fatal(err)
		}
		m.Address, m.Slot, m.PreventDestroy, m.Workspace.Name = `target.parquet.all["é \ 1"]`, "2026-11-23T00:10@Asia/Tokyo", true, "<b>"
		data, err := encodeManifest(m)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(string(data), "\n")
		var want, got commitLine
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		if !members.Each([]byte(text), got.member) || !reflect.DeepEqual(got, want) {
			t.Errorf("commit %d is read as\n%+v\nand should be\n%+v", n, got, want)
		}
	}
}

func TestLineWithMoreIsReadToo(t *testing.T) {
	var line commitLine
	err := decodeLine([]byte(`{"number":3,"floor":2,"unreconciled":7,"later":{"a":[1]},"spec":{"target":{"retain":2}}}`), &line)
	if err != nil || line.Number != 3 || line.Floor != 2 || line.Unreconciled != 7 {
		t.Errorf("%+v, %v", line, err)
	}
	if err := decodeLine([]byte(`{"number":"3"}`), &line); err == nil {
		t.Error("a text was taken for a number")
	}
}
