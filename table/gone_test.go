package table

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// A person whose key is an address, so that it is also the bound of a part's keys.
const (
	personKey  = "ann+canary@example.com"
	personName = "Ann of the canaries"
)

var (
	personRow = testRow{ID: personKey, Created: ann.Created, Updated: ann.Updated, Name: personName, Tags: []string{personName}, Plan: personName, Rest: `{"mail":"` + personKey + `"}`}
	others    = []testRow{{ID: "zoe@example.com", Created: ann.Created, Name: "Zoe"}, {ID: "yan@example.com", Created: bob.Created, Name: "Yan"}}
)

// disguises are the forms in which a text could stand in a file without being seen.
func disguises(text string) map[string][]byte {
	sum := sha256.Sum256([]byte(text))
	out := map[string][]byte{
		"plain": []byte(text), "hexadecimal": []byte(hex.EncodeToString([]byte(text))), "URL-encoded": []byte(url.QueryEscape(text)),
		"its hash": sum[:], "its hash in hexadecimal": []byte(hex.EncodeToString(sum[:])),
	}
	for i, before := range []string{"", "x", "xx"} { // base64 has another text at each offset
		whole := base64.RawStdEncoding.EncodeToString([]byte(before + text))
		out["base64 at "+string(rune('0'+i))] = []byte(whole[2+2*min(i, 1) : len(whole)-2])
	}
	return out
}

// traces lists where a text stands below a folder, in any disguise: in files, their names
// and the texts of links.
func traces(t *testing.T, dir string, texts ...string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, dir)
		data := []byte(name + "\n")
		switch {
		case e.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			data = append(data, target...)
		case e.Type().IsRegular():
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			data = append(data, content...)
		}
		for _, text := range texts {
			for form, bytesOf := range disguises(text) {
				if bytes.Contains(data, bytesOf) {
					out = append(out, name+" ("+form+")")
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// traces lists where a text stands in the warehouse: in its folder, and in the objects of
// the store, if it stands on one.
func (h *house) traces(t *testing.T, texts ...string) []string {
	t.Helper()
	out := traces(t, h.dir, texts...)
	if h.store == nil {
		return out
	}
	dir := t.TempDir()
	for o, err := range h.store.List("", "") {
		var data []byte
		if err == nil {
			data, err = objects.Read(h.store, o.Key)
		}
		file := filepath.Join(dir, filepath.FromSlash(o.Key))
		if err = errors.Join(err, os.MkdirAll(filepath.Dir(file), 0o755)); err == nil {
			err = os.WriteFile(file, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, where := range traces(t, dir, texts...) {
		out = append(out, "store:"+where)
	}
	return out
}

// forget does what shall remove the person on disk, and the same on an object store.
func forget(t *testing.T, s spec.Spec, how func(t *testing.T, h *house, tbl *Table)) (*house, *Table) {
	t.Helper()
	forgetIn(t, newFar(t), s, []string{"store:/.inlay/%s/parts/", "store:/.inlay/%s/ranges/", "store:/.inlay/%s/staging/"}, how)
	h := newHouse(t, nil)
	return h, forgetIn(t, h, s, []string{"/.inlay/%s/log/", "/.inlay/%s/parts/", "/.inlay/%s/views/", "/.inlay/%s/staging/"}, how)
}

// forgetIn makes a table with the person in it, in several snapshots, in ranges and in
// staging, does what shall remove them, and looks at every byte of the warehouse: at once
// at what does not belong to older snapshots, and after the readers' hour at all.
func forgetIn(t *testing.T, h *house, s spec.Spec, places []string, how func(t *testing.T, h *house, tbl *Table)) *Table {
	t.Helper()
	h.clock.now = time.Now()
	tbl := h.create(s)
	h.load(tbl, s, []testRow{personRow, others[0]})
	h.load(tbl, s, []testRow{with(personRow, personRow.Updated+1, personName), others[1]})
	last := h.load(tbl, s, []testRow{{ID: "xi@example.com", Created: ann.Created, Name: "Xi"}})
	x, err := tbl.Begin(context.Background(), h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	write := x.Write(stream.Batch{Rows: rowsOf([]testRow{personRow}), Deleted: []stream.Key{{personKey}}})
	if err := errors.Join(write, x.Checkpoint("page 1"), x.Abort()); err != nil {
		t.Fatal(err)
	}
	before := strings.Join(h.traces(t, personKey, personName), "\n")
	for _, place := range places {
		if where := fmt.Sprintf(place, tbl.id); !strings.Contains(before, where) {
			t.Fatalf("the person does not stand in %s, so that the test proves nothing:\n%s", where, before)
		}
	}
	how(t, h, tbl)
	if m, err := tbl.Head(); err == nil && m.Kind != KindDelete {
		if _, err := tbl.Rollback(last.Number, h.run(s)); err == nil {
			t.Error("a rollback brought the person back")
		}
		if list, err := tbl.Snapshots(); err != nil || len(list) != 1 {
			t.Errorf("there are %d snapshots to go back to: %v", len(list), err)
		}
		if h.store == nil {
			for _, where := range traces(t, tbl.Path(), personKey, personName) {
				t.Errorf("readers still see %s", where)
			}
		}
		sound(t, tbl)
		h.clock.now = h.clock.now.Add(2 * time.Hour)
		if _, err := tbl.Prune(); err != nil {
			t.Fatal(err)
		}
		sound(t, tbl)
	}
	for _, where := range h.traces(t, personKey, personName) {
		t.Errorf("after the readers' hour the person stands in %s", where)
	}
	return tbl
}

func plain(mode string, incremental bool, settings ...any) spec.Spec {
	return testSpec(mode, incremental, append([]any{"compression", "none", "retain", int64(50), "max_shrink", 1.0}, settings...)...)
}

func TestEraseRemovesAPersonEverywhere(t *testing.T) {
	expect := setting.Values{"name": "names differ", "unique": []any{"name"}, "condition": "name != \"" + "Yan" + "\"", "severity": SeverityWarn}
	for name, s := range map[string]spec.Spec{
		"append": plain(spec.Append, true), "append of full reads": plain(spec.Append, false, "expect", []any{expect}),
		"upsert": plain(spec.Upsert, true, "expect", []any{expect}), "one folder": plain(spec.Append, true, "partition", "none"),
	} {
		t.Run(name, func(t *testing.T) {
			h, tbl := forget(t, s, func(t *testing.T, h *house, tbl *Table) {
				n, err := tbl.Erase(context.Background(), []stream.Key{{personKey}, {"nobody"}}, Run{ID: "erase", Lineage: "lin"})
				if err != nil || n == 0 {
					t.Fatalf("%d rows, %v", n, err)
				}
			})
			if got := dump(t, tbl, "id"); len(got) != 3 {
				t.Errorf("of the others there are %v", got)
			}
			h.load(tbl, s, []testRow{others[0]})
			sound(t, tbl)
		})
	}
}

func TestAKeyHashedLaterIsNowhere(t *testing.T) {
	s := plain(spec.Append, true)
	_, tbl := forget(t, s, func(t *testing.T, h *house, tbl *Table) {
		to := h.run(reshape(s, func(sh *stream.Shape) {
			for i := range sh.Fields {
				switch sh.Fields[i].Name {
				case "id", "name":
					sh.Fields[i].Hash = true
				case "tags", "more":
					sh.Omit = append(sh.Omit, []string{sh.Fields[i].Name})
				}
			}
			sh.Omit, sh.NoRest = append(sh.Omit, []string{"mail"}), true
			sh.Fields = sh.Fields[:5]
		}))
		to.HashKey = setting.NewSecret("key")
		if _, err := tbl.Rewrite(context.Background(), to); err != nil {
			t.Fatal(err)
		}
	})
	if got := strings.Join(dump(t, tbl, "id"), ""); !strings.Contains(got, hashed(personKey)) {
		t.Errorf("the keys are %s", got)
	}
}

func TestRemovedUpstreamIsNowhere(t *testing.T) {
	s := plain(spec.Upsert, false, "deletes", DeletesRemove)
	forget(t, s, func(t *testing.T, h *house, tbl *Table) {
		run := h.run(s)
		run.Full = true
		whole := Close{Final: &stream.Final{Received: 2, Announced: 2, Whole: true}}
		if _, err := load(tbl, run, whole, others); err != nil {
			t.Fatal(err)
		}
	})
}

func TestADeletedTableSaysNothing(t *testing.T) {
	forget(t, plain(spec.Append, true), func(t *testing.T, h *house, tbl *Table) {
		if err := tbl.Delete(Run{ID: "delete", Lineage: "lin"}); err != nil {
			t.Fatal(err)
		}
	})
}
