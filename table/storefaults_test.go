package table

import (
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
)

// noLitterInStore checks that the store has nothing but the log, the claims and what the
// kept snapshots need.
func noLitterInStore(t *testing.T, tbl *Table, parts map[string]bool) {
	t.Helper()
	for o, err := range tbl.wh.remote.store.List("", "") {
		if err != nil {
			t.Fatal(err)
		}
		name := path.Base(o.Key)
		dir := strings.TrimPrefix(path.Dir(o.Key), homes+"/"+tbl.id+"/")
		_, log := logKeyNumber(name)
		switch {
		case dir == "log" && log, dir == "index", dir == "parts" && parts[name], strings.HasPrefix(o.Key, homes+"/paths/"):
		case dir == "ranges" && len(parts) > 0:
		default:
			t.Fatalf("left over in the store: %s", o.Key)
		}
	}
}

// Every operation of the store fails, in every mode: before it was done, with the answer
// lost after it was, and with no answer from there on. Afterwards a clean run ends with the
// right rows, on the same machine and on one that knows nothing.
func TestEveryStoreOperationMayFail(t *testing.T) {
	step := every(29)
	if !*long {
		step = max(step, 11)
	}
	for _, s := range stories() {
		s.snapshots(t)
		for k, way := range []struct {
			name      string
			done, all bool
		}{{"before", false, false}, {"answer lost", true, false}, {"gone", false, true}, {"answer lost and gone", true, true}} {
			t.Run(s.name+"/"+way.name, func(t *testing.T) {
				t.Parallel()
				for n := 1 + 7*k%step; ; n += step {
					h := &house{t: t, dir: scratch(t), clock: &clock{now: day}}
					store := objectstest.New(t)
					faults := &objectstest.Faults{Store: store, Nth: int64(n), Done: way.done, All: way.all}
					h.store = faults
					h.reopen(nil)
					err := s.tell(h.w)
					if faults.Ops() < int64(n) {
						if err != nil {
							t.Fatal(err)
						}
						break
					}
					h.store = store
					h.clock.now = h.clock.now.Add(time.Minute)
					if n%2 == 0 {
						h.dir, h.clock.now = scratch(t), h.clock.now.Add(objects.LeaseTime)
					}
					h.reopen(nil)
					s.finish(t, h, fmt.Sprintf("operation %d of the store", n))
				}
			})
		}
	}
}
