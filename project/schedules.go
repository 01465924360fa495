package project

import (
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// ScheduleInfo is one schedule as people ask about it.
type ScheduleInfo struct {
	Address  addr.Address     `json:"address"`
	Cron     string           `json:"cron"`
	Zone     string           `json:"timezone"`
	Delay    string           `json:"delay,omitempty"`
	Jitter   string           `json:"jitter,omitempty"`
	Catchup  string           `json:"catchup"`
	Paused   bool             `json:"paused"` // in the configuration, or by hand
	Applied  bool             `json:"applied"`
	Held     time.Time        `json:"paused_by_hand_since,omitzero"`
	Targets  []ScheduleTarget `json:"targets"`
	Next     time.Time        `json:"next,omitzero"`
	NextText string           `json:"next_text,omitempty"`
	Last     time.Time        `json:"last,omitzero"`    // start of the latest successful import of its targets
	Status   state.Status     `json:"status,omitempty"` // of the latest run by it
	Run      string           `json:"run,omitempty"`    // that run
	Warnings []string         `json:"warnings,omitempty"`
}

// ScheduleTarget is one target that runs by a schedule.
type ScheduleTarget struct {
	Address  string    `json:"address"`
	Source   string    `json:"source"`
	Position string    `json:"bookmark,omitempty"`
	Last     time.Time `json:"last,omitzero"`
	Next     time.Time `json:"next,omitzero"`
	NextText string    `json:"next_text,omitempty"`
	Note     string    `json:"note,omitempty"` // why there is no next
}

// Schedules lists the schedules of the configuration with what runs by them.
func (p *Project) Schedules() ([]ScheduleInfo, error) {
	s, err := p.situation()
	if err != nil {
		return nil, err
	}
	seen := map[string]table.SeenTable{}
	for _, t := range s.seen.Tables {
		seen[t.ID] = t
	}
	var out []ScheduleInfo
	for i := range p.config.Schedules {
		sc := &p.config.Schedules[i]
		if sc.Parsed == nil {
			continue
		}
		out = append(out, p.scheduleInfo(sc, s, seen))
	}
	return out, p.latestRuns(out)
}

// latestRuns notes the latest run by each schedule, as far back as is looked.
func (p *Project) latestRuns(schedules []ScheduleInfo) error {
	runs, err := p.History(Runs{Limit: 5000})
	by := map[addr.Address]state.Run{}
	for _, r := range runs {
		if _, later := by[r.Schedule]; !later {
			by[r.Schedule] = r
		}
	}
	for i := range schedules {
		r := by[schedules[i].Address]
		schedules[i].Status, schedules[i].Run = r.Status, r.ID
	}
	return err
}

func (p *Project) scheduleInfo(sc *lang.Schedule, s situation, seen map[string]table.SeenTable) ScheduleInfo {
	info := ScheduleInfo{
		Address: sc.Address, Cron: sc.Settings.String("cron"), Zone: sc.Settings.String("timezone"),
		Delay: sc.Settings.String("delay"), Jitter: sc.Settings.String("jitter"), Catchup: sc.Settings.String("catchup"), Paused: sc.Settings.Bool("paused"), Targets: []ScheduleTarget{}, Warnings: sc.Parsed.Warnings(),
	}
	if s.state != nil {
		_, info.Applied = s.state.Schedules[sc.Address]
	}
	if pause := s.pauses[sc.Address]; pause.Paused {
		info.Paused, info.Held = true, pause.Since
	}
	for i := range p.config.Targets {
		t := &p.config.Targets[i]
		if t.Schedule == nil || *t.Schedule != sc.Address || !t.Enabled {
			continue
		}
		target := ScheduleTarget{Address: t.Address.String(), Source: t.Source.String()}
		if s.state != nil {
			m := seen[s.state.Targets[t.Address].Table].Head
			target.Position, target.Last = m.Position, m.Started
		}
		if target.Note, _ = s.pauses.Of(t.Address, t.Schedule); target.Note == "" {
			target.Next, target.NextText = p.next(sc.Parsed, info.Zone, target.Address)
		}
		if info.Next.IsZero() || !target.Next.IsZero() && target.Next.Before(info.Next) {
			info.Next, info.NextText = target.Next, target.NextText
		}
		if target.Last.After(info.Last) {
			info.Last = target.Last
		}
		info.Targets = append(info.Targets, target)
	}
	if len(info.Targets) == 0 && info.Held.IsZero() {
		info.Next, info.NextText = p.next(sc.Parsed, info.Zone, "")
	}
	return info
}

// next is when a target runs next by a schedule, in the schedule's zone.
func (p *Project) next(s *schedule.Schedule, zone, address string) (time.Time, string) {
	_, _, at, ok := s.Due(p.world.Now(), p.world.Now(), schedule.Last{}, address)
	if !ok {
		return time.Time{}, ""
	}
	location, err := schedule.ParseZone(zone)
	if err != nil {
		location = time.UTC
	}
	return at, at.In(location).Format("2006-01-02 15:04 MST")
}
