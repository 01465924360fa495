package cli

import (
	"fmt"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
)

// How much of what comes and of what was schedule show prints.
const (
	shownUpcoming = 10
	shownHistory  = 10
)

// scheduleDetail is a schedule with what it did and what it will do.
type scheduleDetail struct {
	project.ScheduleInfo
	Upcoming []project.UpcomingRun `json:"upcoming"`
	History  []state.Run           `json:"history"`
}

// scheduleDetail gathers what schedule show prints.
func (s *speech) scheduleDetail(p *project.Project, i project.ScheduleInfo) (scheduleDetail, error) {
	runs, err := p.History(project.Runs{Of: i.Address, Limit: shownHistory})
	d := scheduleDetail{i, []project.UpcomingRun{}, runs}
	if !i.Paused {
		d.Upcoming = append(d.Upcoming, p.Upcoming(i.Address, shownUpcoming)...)
	}
	if d.History == nil {
		d.History = []state.Run{}
	}
	return d, err
}

// showUpcoming prints what comes, on the schedule's clock and in UTC, and the latest runs.
func (s *speech) showUpcoming(d scheduleDetail) error {
	g := report.Grid{Columns: []report.Column{{Name: "next"}, {Name: "utc", Title: "in UTC"}, {Name: "slot"}}, Empty: "No run will come: the schedule is paused."}
	for _, u := range d.Upcoming {
		g.Rows = append(g.Rows, []report.Cell{report.Text(u.InZone), instant(u.At), report.Text(u.Slot)})
	}
	for _, grid := range []report.Grid{g, historyGrid(d.History)} {
		if _, err := fmt.Fprintln(s.out); err != nil {
			return err
		}
		if err := grid.Show(s.out, s.style(s.out), "text"); err != nil {
			return err
		}
	}
	return nil
}
