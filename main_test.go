package main

import (
	"math"
	"runtime"
	"runtime/metrics"
	"testing"
)

// TestRoom: little memory is not collected often, and with much in use all is as Go does it
// by itself.
func TestRoom(t *testing.T) {
	makeRoom()
	if percent, limit := collecting(); percent != math.MaxUint64 || limit != headroom {
		t.Errorf("at first: percent %d, limit %d", percent, limit)
	}
	until(t, func(percent, limit uint64) bool {
		return percent > 100 && percent < math.MaxUint64 && limit == math.MaxInt64
	})
	much := make([]byte, headroom)
	until(t, func(percent, limit uint64) bool { return percent == 100 && limit == math.MaxInt64 })
	runtime.KeepAlive(much)
}

// until collects until the settings are as they should be: what follows a collection runs
// some time after it.
func until(t *testing.T, well func(percent, limit uint64) bool) {
	t.Helper()
	for range 10_000 {
		runtime.GC()
		if well(collecting()) {
			return
		}
	}
	percent, limit := collecting()
	t.Errorf("percent %d, limit %d", percent, limit)
}

func collecting() (percent, limit uint64) {
	settings := []metrics.Sample{{Name: "/gc/gogc:percent"}, {Name: "/gc/gomemlimit:bytes"}}
	metrics.Read(settings)
	return settings[0].Value.Uint64(), settings[1].Value.Uint64()
}
