package table

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// The values of a person that must not be kept: hashed, left out, hashed inside a JSON
// column, and hashed inside a struct.
const (
	canaryHashed = "canary-hashed@example.com"
	canaryLeft   = "canary-left-out"
	canaryInside = "canary-inside-json"
	canaryStruct = "canary-inside-struct"
)

const person = `{"id":"p","created_at":1734537424,"mail":"` + canaryHashed + `","phone":"` + canaryLeft + `",
	"ca":{"ssn":"` + canaryInside + `","plan":"pro"},"more":{"tax":"` + canaryStruct + `","paid":true},"unknown":1}`

// openSpec shows everything, and closedSpec nothing of the person. Nothing is compressed,
// so that a value stands in a part as it is.
func openSpec(mode string) spec.Spec {
	s := objectSpec(column("mail", aString), column("phone", aString), column("ca", aJSON),
		column("more", stream.StructOf(stream.Column{Name: "tax", Type: aString}, stream.Column{Name: "paid", Type: aBool})))
	s.Target["mode"], s.Target["compression"], s.Target["retain"] = mode, "none", int64(50)
	return s
}

func closedSpec(mode string) spec.Spec {
	s := openSpec(mode)
	hashed := func(f stream.Field) stream.Field { f.Hash = true; return f }
	fields := s.Shape.Fields
	s.Shape.Fields = []stream.Field{fields[0], fields[1], hashed(fields[2]), fields[4], fields[5],
		hashed(column("ssn", aString, "ca.ssn")), hashed(column("tax", aString, "more.tax"))}
	s.Shape.Omit = [][]string{{"phone"}}
	return s
}

// found lists the files of a table's home that hold a value of the person.
func found(t *testing.T, h *house) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(h.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte("canary-")) {
			out = append(out, strings.TrimPrefix(path, h.dir))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// none fails when a value of the person stands anywhere.
func none(t *testing.T, h *house, when string) {
	t.Helper()
	if files := found(t, h); len(files) > 0 {
		t.Errorf("%s it still stands in %v", when, files)
	}
}

func onlyHashes(t *testing.T, tbl *Table) {
	t.Helper()
	got := dump(t, tbl, "mail", "ca", "more", "ssn", "tax", "_rest")
	want := "mail=" + hashed(canaryHashed) + `;ca={"plan":"pro"};more.tax=null1;more.paid=true;ssn=` + hashed(canaryInside) + ";tax=" + hashed(canaryStruct) + `;_rest={"unknown":1};`
	for _, g := range got {
		if g != want {
			t.Errorf("got  %s\nwant %s", g, want)
		}
	}
	if len(got) == 0 {
		t.Error("the row is gone")
	}
}

// TestNothingHiddenIsStaged imports by a spec that hides: neither what is staged nor what
// is committed or held back has a value of the person.
func TestNothingHiddenIsStaged(t *testing.T) {
	s := closedSpec(spec.Append)
	h := newHouse(t, nil)
	tbl := h.create(s)
	x, err := tbl.Begin(context.Background(), h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(x.Write(stream.Batch{Rows: objectsOf(t, s, person)}), x.Checkpoint("page 1")); err != nil {
		t.Fatal(err)
	}
	none(t, h, "while it is staged")
	if _, err := x.Commit(Close{Hold: HeldByIncomplete}); !errors.As(err, new(*ErrHeld)) {
		t.Fatal(err)
	}
	if err := x.Abort(); err != nil {
		t.Fatal(err)
	}
	none(t, h, "while it is held back")
	importObjects(t, h, tbl, s, person)
	none(t, h, "after the commit")
	onlyHashes(t, tbl)
}

// TestHidingLaterReachesEverything shows a person's values first, in snapshots and in
// staging, and hides them by a rewrite: once readers have had their hour, no file has them.
func TestHidingLaterReachesEverything(t *testing.T) {
	for _, mode := range []string{spec.Append, spec.Replace} {
		t.Run(mode, func(t *testing.T) {
			h := newHouse(t, nil)
			h.clock.now = time.Now()
			tbl := h.create(openSpec(mode))
			importObjects(t, h, tbl, openSpec(mode), person)
			m, err := tbl.Head()
			if err != nil {
				t.Fatal(err)
			}
			importObjects(t, h, tbl, openSpec(mode), person)
			if len(found(t, h)) < 2 {
				t.Fatal("the values are not where they can be found: the test proves nothing")
			}
			x, err := tbl.Begin(context.Background(), h.run(openSpec(mode)))
			if err != nil {
				t.Fatal(err)
			}
			if err := x.Write(stream.Batch{Rows: objectsOf(t, openSpec(mode), person)}); err != nil {
				t.Fatal(err)
			}
			if _, err := x.Commit(Close{Hold: HeldByExpect}); !errors.As(err, new(*ErrHeld)) {
				t.Fatal(err)
			}
			if err := x.Abort(); err != nil {
				t.Fatal(err)
			}
			to := h.run(closedSpec(mode))
			to.HashKey = setting.NewSecret("key")
			if _, err := tbl.Rewrite(context.Background(), to); err != nil {
				t.Fatal(err)
			}
			onlyHashes(t, tbl)
			for _, file := range found(t, h) {
				if strings.Contains(file, "staging") || strings.Contains(file, "/log/") {
					t.Errorf("it stands in %s", file)
				}
			}
			if _, err := tbl.Rollback(m.Number, h.run(openSpec(mode))); err == nil {
				t.Error("a rollback brought the values back")
			}
			h.clock.now = h.clock.now.Add(2 * time.Hour)
			if _, err := tbl.Prune(); err != nil {
				t.Fatal(err)
			}
			none(t, h, "after the readers' hour")
			onlyHashes(t, tbl)
			sound(t, tbl)
		})
	}
}
