package serve

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestTroublePasses: a warehouse that cannot be read is said, and what is due runs within a
// minute of its return, without a change of any file of the configuration.
func TestTroublePasses(t *testing.T) {
	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	r.apply()
	d := r.daemon()
	server := httptest.NewServer(d.handler())
	defer server.Close()
	b := newBrowser(t, server.URL)
	r.settle(d)
	r.clock.move(24 * time.Hour)

	warehouse, away := filepath.Join(r.dir, "warehouse"), filepath.Join(r.dir, "away")
	if err := os.Rename(warehouse, away); err != nil {
		t.Fatal(err)
	}
	r.write("warehouse", "no folder")
	r.settle(d)
	if code, body := b.do(b.request("GET", "/readyz", "")); code != http.StatusServiceUnavailable {
		t.Errorf("ready without a warehouse: %d %s", code, body)
	}
	if err := os.Remove(warehouse); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(away, warehouse); err != nil {
		t.Fatal(err)
	}
	if d.turn(t.Context(), false); len(d.busy) > 0 {
		t.Error("it looked again at once")
	}
	r.clock.move(atMost)
	d.turn(t.Context(), false)
	d.batches.Wait()
	if got := r.slots("target.parquet.tags"); len(got) != 1 {
		t.Errorf("imported %v\n%s", got, r.log)
	}
	b.see("/readyz", "ready")
}
