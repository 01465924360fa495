package deployment

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// Carry does one step. Steps can be done again: what is there already is brought to what is
// wanted, and what is gone already is no error.
func Carry(ctx context.Context, c client.Client, s Step) error {
	handle := c.ScheduleClient().GetHandle(ctx, s.ID)
	if s.Action == Delete {
		err := handle.Delete(ctx)
		var gone *serviceerror.NotFound
		if errors.As(err, &gone) {
			return nil
		}
		return unreachable(err)
	}
	o, err := s.wanted.Deployable()
	if err != nil {
		return err
	}
	if s.Action == Create {
		_, err := c.ScheduleClient().Create(ctx, o)
		if err == nil || !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
			return unreachable(err)
		}
	}
	return unreachable(handle.Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			return &client.ScheduleUpdate{Schedule: &client.Schedule{
				Action: o.Action, Spec: &o.Spec,
				Policy: &client.SchedulePolicies{Overlap: o.Overlap, CatchupWindow: o.CatchupWindow},
				State:  &client.ScheduleState{Note: o.Note, Paused: o.Paused},
			}}, nil
		},
	}))
}
