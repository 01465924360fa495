package trigger

import (
	"fmt"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/schedule"
)

// Workflow is the type of the workflow that a trigger starts, with an Order.
const Workflow = "inlay-wake"

// Order says for which schedule of which project to look.
type Order struct {
	Lineage  string `json:"lineage"`  // of the project's state
	Schedule string `json:"schedule"` // its address
}

// Trigger is one of Temporal's schedules, as it should be.
type Trigger struct {
	Address  addr.Address // of inlay's schedule
	Lineage  string
	Schedule *schedule.Schedule
	Hold     string // why it is paused; "" when it is not
	Queue    string // the task queue of the workers
	Year     int    // the first year whose changes of the clock are looked at
}

// prefix is how the ids of all triggers of a project begin.
func prefix(lineage string) string { return "inlay/" + lineage + "/" }

// ID is the trigger's name in its namespace. Projects never share one.
func (t Trigger) ID() string { return prefix(t.Lineage) + t.Address.String() }

// AddressOf is the address of the schedule whose trigger has this id; false when it is none
// of this project.
func AddressOf(id, lineage string) (addr.Address, bool) {
	text, ok := strings.CutPrefix(id, prefix(lineage))
	if !ok {
		return addr.Address{}, false
	}
	a, err := addr.Parse(text)
	return a, err == nil && a.Kind == addr.Schedule
}

// catchUp is how late Temporal still gives a trigger that it missed. A slot that may be
// caught up is by the latest of them, however late; one that lapses is of no use an hour
// after the last of its targets would have begun.
func catchUp(s schedule.Spec) time.Duration {
	if s.Catchup == schedule.None {
		return s.Delay + s.Jitter + time.Hour
	}
	return 365 * 24 * time.Hour
}

// Options are what Temporal is told to make the trigger. Delay and jitter are not among it:
// they are waited for by the workflow, each target at the moment that inlay says.
func (t Trigger) Options() client.ScheduleOptions {
	return client.ScheduleOptions{
		ID:            t.ID(),
		Spec:          Times(t.Schedule, t.Year),
		Overlap:       enums.SCHEDULE_OVERLAP_POLICY_SKIP,
		CatchupWindow: catchUp(t.Schedule.Spec()),
		Paused:        t.Hold != "",
		Note:          t.Hold,
		Action: &client.ScheduleWorkflowAction{
			ID:            t.ID(),
			Workflow:      Workflow,
			Args:          []any{Order{Lineage: t.Lineage, Schedule: t.Address.String()}},
			TaskQueue:     t.Queue,
			StaticSummary: fmt.Sprintf("%s: looks which targets are due", t.Address),
		},
	}
}
