package deployment

import (
	"context"
	"errors"
	"slices"
	"strings"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/inlay-sync/inlay/engines/temporal/trigger"
)

// Action is what is done to one trigger.
type Action string

// The actions.
const (
	Create Action = "create"
	Change Action = "change"
	Delete Action = "delete"
)

// Step is what happens to one trigger.
type Step struct {
	Action   Action               `json:"action"`
	Schedule string               `json:"schedule"` // address of inlay's schedule
	ID       string               `json:"id"`       // of the trigger at Temporal
	Fields   []trigger.Difference `json:"fields,omitempty"`

	wanted trigger.Trigger
}

// Drifted reports whether somebody changed the trigger by hand.
func (s Step) Drifted() bool {
	return slices.ContainsFunc(s.Fields, func(d trigger.Difference) bool { return d.ByHand })
}

// Plan compares what is wanted with what is there, and changes nothing. Triggers of the
// project that nothing wants are found in Temporal's list, which may lag behind a few
// seconds; those that are wanted are asked for one by one, which does not.
func Plan(ctx context.Context, c client.Client, want Project) ([]Step, error) {
	var out []Step
	kept := map[string]bool{}
	for _, t := range want.Triggers {
		kept[t.ID()] = true
		step, err := compare(ctx, c, t)
		if err != nil {
			return nil, err
		}
		if step != nil {
			out = append(out, *step)
		}
	}
	list, err := c.ScheduleClient().List(ctx, client.ScheduleListOptions{PageSize: 1000})
	if err != nil {
		return nil, unreachable(err)
	}
	for list.HasNext() {
		entry, err := list.Next()
		if err != nil {
			return nil, unreachable(err)
		}
		if a, ours := trigger.AddressOf(entry.ID, want.Lineage); ours && !kept[entry.ID] {
			out = append(out, Step{Action: Delete, Schedule: a.String(), ID: entry.ID})
		}
	}
	slices.SortStableFunc(out, func(a, b Step) int { return strings.Compare(a.Schedule, b.Schedule) })
	return out, nil
}

// compare looks at one trigger; nil when it is as it should be.
func compare(ctx context.Context, c client.Client, t trigger.Trigger) (*Step, error) {
	step := Step{Schedule: t.Address.String(), ID: t.ID(), wanted: t}
	found, err := c.ScheduleClient().GetHandle(ctx, step.ID).Describe(ctx)
	var missing *serviceerror.NotFound
	var absent *serviceerror.NamespaceNotFound
	switch {
	case errors.As(err, &missing) && !errors.As(err, &absent):
		step.Action = Create
		for _, f := range t.Fields() {
			if f.Value != "" {
				step.Fields = append(step.Fields, trigger.Difference{Name: f.Name, After: f.Value})
			}
		}
		return &step, nil
	case err != nil:
		return nil, unreachable(err)
	}
	step.Action, step.Fields = Change, t.Compare(&found.Schedule)
	if len(step.Fields) == 0 {
		return nil, nil
	}
	return &step, nil
}
