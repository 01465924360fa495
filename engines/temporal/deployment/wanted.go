package deployment

import (
	"maps"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/state"

	"github.com/inlay-sync/inlay/engines/temporal/trigger"
)

// Project is what a project wants of Temporal.
type Project struct {
	Lineage  string
	Triggers []trigger.Trigger // one for each applied schedule, by address
}

// Wanted reads what was last applied. The error is an *project.Error where nothing was.
func Wanted(p *project.Project, queue string, now time.Time) (Project, error) {
	st, err := p.State()
	if err != nil {
		return Project{}, err
	}
	if st == nil || st.Lineage == "" {
		return Project{}, &project.Error{Kind: project.Refused, Summary: "Nothing applied yet",
			Detail: "Temporal is told of the schedules that were applied, and none was. Run `inlay apply` first."}
	}
	pauses, err := p.Pauses()
	if err != nil {
		return Project{}, err
	}
	out := Project{Lineage: st.Lineage}
	for _, a := range slices.SortedFunc(maps.Keys(st.Schedules), addr.Address.Compare) {
		parsed, err := schedule.FromSettings(st.Schedules[a].Settings)
		if err != nil {
			return Project{}, &project.Error{Kind: project.Damaged, Address: a, Summary: "Applied schedule not readable", Err: err,
				Detail: "The state holds a schedule that this inlay does not understand: " + err.Error() + " Run `inlay apply`, which writes it anew."}
		}
		out.Triggers = append(out.Triggers, trigger.Trigger{
			Address: a, Lineage: st.Lineage, Schedule: parsed, Hold: hold(st, pauses, a, parsed), Queue: queue, Year: now.UTC().Year(),
		})
	}
	return out, nil
}

// hold says why the trigger of a schedule is paused; "" when it is not.
func hold(st *state.State, pauses plan.Pauses, a addr.Address, s *schedule.Schedule) string {
	settings := st.Schedules[a].Settings
	switch {
	case s.Spec().Paused:
		return "paused in the configuration"
	case settings.Has("enabled") && !settings.Bool("enabled"):
		return "disabled in the configuration"
	case pauses[a].Paused:
		return "paused by hand, with inlay schedule pause"
	}
	for _, t := range st.Targets {
		if t.Schedule != nil && *t.Schedule == a && t.Enabled && !t.Deleting {
			return ""
		}
	}
	return "no target runs by it"
}
