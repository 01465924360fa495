package main

import (
	"math"
	"runtime"
	"runtime/metrics"
	"testing"
)

// TestRoom: little memory is not collected often, less so while nothing is imported, and with
// much in use all is as Go does it by itself.
func TestRoom(t *testing.T) {
	makeRoom()
	if percent, limit := collecting(); percent != math.MaxUint64 || limit != whileReading {
		t.Errorf("at first: percent %d, limit %d", percent, limit)
	}
	var reading uint64
	until(t, func(percent, limit uint64) bool {
		reading = percent
		return percent > 100 && percent < math.MaxUint64 && limit == math.MaxInt64
	})
	leaveRoom()
	if percent, _ := collecting(); percent >= reading || percent <= 100 {
		t.Errorf("percent %d while importing, %d while reading", percent, reading)
	}
	much := make([]byte, whileReading)
	until(t, func(percent, limit uint64) bool { return percent == 100 && limit == math.MaxInt64 })
	runtime.KeepAlive(much)
}

func TestGarbage(t *testing.T) {
	for room, grows := range map[uint64]map[uint64]uint64{ // MiB in use, and up to how many they may grow
		whileImporting: {1: 64, 20: 64, 40: 80, 60: 112, 74: 112, 90: 180},
		whileReading:   {1: 160, 90: 160, 120: 180},
	} {
		headroom.Store(room)
		for live, most := range grows {
			if got := live * uint64(100+garbage(live<<20)) / 100; got > most || got < most-2 {
				t.Errorf("with %d MiB in use memory may grow to %d, and should to %d", live, got, most)
			}
		}
	}
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
