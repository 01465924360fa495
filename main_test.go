package main

import (
	"math"
	"runtime"
	"runtime/metrics"
	"testing"
)

// TestRoom: after the first collection memory is collected as Go does by itself.
func TestRoom(t *testing.T) {
	settings := []metrics.Sample{{Name: "/gc/gogc:percent"}, {Name: "/gc/gomemlimit:bytes"}}
	makeRoom()
	metrics.Read(settings)
	if off, limit := settings[0].Value.Uint64(), settings[1].Value.Uint64(); off != math.MaxUint64 || limit != headroom {
		t.Errorf("at first: percent %d, limit %d", off, limit)
	}
	for range 10_000 { // what follows a collection runs some time after it
		runtime.GC()
		metrics.Read(settings)
		if settings[0].Value.Uint64() == 100 && settings[1].Value.Uint64() == math.MaxInt64 {
			return
		}
	}
	t.Errorf("in the end: percent %d, limit %d", settings[0].Value.Uint64(), settings[1].Value.Uint64())
}
