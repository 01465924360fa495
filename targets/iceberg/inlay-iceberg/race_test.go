package main

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/table"
	"github.com/inlay-sync/inlay/targets/iceberg"
)

// Several writers that hold different snapshots for the newest, as writers do that were
// stalled, show them at one time: each commits on what another one did, and the catalog ends
// with the newest, whole.
func TestSeveralShowDifferentSnapshots(t *testing.T) {
	h := newHouse(t, `mode = "replace"`+inSQLite)
	h.inlay(0, "apply", "-auto-approve")
	var all []table.Manifest
	for range 3 {
		m, _ := h.head()
		all = append(all, m)
		h.now = h.now.Add(10 * time.Minute)
		h.inlay(0, "run", "target.iceberg.users")
	}
	newest, _ := h.head()
	all = append(all, newest)
	keep := []int64{all[0].Snapshot, all[1].Snapshot, all[2].Snapshot, all[3].Snapshot}
	for round := range 5 {
		if err := h.catalog().DropTable(t.Context(), []string{"crm", "users"}); err != nil {
			t.Fatal(err)
		}
		var writers sync.WaitGroup
		for _, m := range all {
			writers.Go(func() {
				p := iceberg.Kind().Publisher(project.TargetWorld{Dir: h.dir, Env: os.LookupEnv, Sleep: sleep})
				if err := p.Show(table.Showing{Manifest: m, Keep: keep, Home: "file://" + h.dir + "/warehouse/.inlay/" + m.Table}); err != nil {
					t.Errorf("round %d, snapshot %d: %v", round, m.Snapshot, err)
				}
			})
		}
		writers.Wait()
		h.holds(h.shown("crm", "users"))
	}
}
