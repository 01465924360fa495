package project

import (
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/schedule"
)

// UpcomingRun is one slot that is still to come, and when its run starts.
type UpcomingRun struct {
	Slot   string    `json:"slot"`
	At     time.Time `json:"at"`   // the slot and its delay, in UTC
	InZone string    `json:"text"` // the same on the schedule's clock
}

// Upcoming lists the next n runs of a schedule of the configuration; nil when that paused it
// or there is none of that address. Jitter, which is each target's own, is left out.
func (p *Project) Upcoming(a addr.Address, n int) []UpcomingRun {
	for i := range p.config.Schedules {
		if sc := &p.config.Schedules[i]; sc.Address == a && sc.Parsed != nil && !sc.Parsed.Spec().Paused {
			return upcoming(sc.Parsed, p.world.Now(), n)
		}
	}
	return nil
}

func upcoming(s *schedule.Schedule, now time.Time, n int) []UpcomingRun {
	delay := s.Spec().Delay
	var out []UpcomingRun
	slot, ok := s.Next(now.Add(-delay))
	for ; ok && len(out) < n; slot, ok = s.Next(slot.Time) {
		at := slot.Time.Add(delay)
		out = append(out, UpcomingRun{Slot: slot.Name, At: at.UTC(), InZone: at.In(s.Zone()).Format("2006-01-02 15:04 MST")})
	}
	return out
}
