package sandbox

import (
	"os"
	"runtime"
	"testing"
)

// TestManyContactsCostLittleMemory holds the price of a contact that nobody
// edited: a few bytes in the orders and results that are remembered.
func TestManyContactsCostLittleMemory(t *testing.T) {
	n := 100_000
	if os.Getenv("INLAY_LONG") != "" {
		n = 1_000_000
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	g := visit(t, Options{Contacts: n, Growth: -1})
	body := map[string]any{"query": where("role", "=", "user"), "pagination": map[string]any{"per_page": 150},
		"sort": map[string]any{"field": "updated_at", "order": "ascending"}}
	g.get("POST", "/contacts/search", body)
	if each := float64(heap()-before) / float64(n); each > 16 {
		t.Errorf("a contact costs %.1f bytes", each)
	}
	runtime.KeepAlive(g)
}
