package cli

import (
	"context"
	"fmt"
)

// schedulePauseCommand is pause, or resume.
func (s *speech) schedulePauseCommand(name string, paused bool) *entry {
	v := &vars{}
	e := &entry{
		name: name, args: "ADDR…", min: 1, max: -1, flags: v.flags(),
		run: func(ctx context.Context, args []string) error { return s.setPaused(ctx, v, args, paused) },
	}
	if paused {
		e.short = "hold back what is due at targets, or at all targets of schedules"
		e.long = `A pause is kept beside the state, not in the configuration, and is the one that the page
of inlay serve shows. It holds back what is due: for serve, for run -due and for apply. What
is asked for by name runs all the same. Slots that pass meanwhile do not count. To pause for
good and under review, write paused = true in the schedule.`
		e.examples = []string{"inlay schedule pause schedule.nightly", "inlay schedule pause target.parquet.users"}
		return e
	}
	e.short = "let what was paused go on, from its next slot"
	e.examples = []string{"inlay schedule resume schedule.nightly"}
	return e
}

func (s *speech) setPaused(ctx context.Context, v *vars, args []string, paused bool) error {
	list, err := addresses(args)
	if err != nil {
		return err
	}
	p, err := s.open(*v)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := p.SetPaused(ctx, a, paused); err != nil {
			return err
		}
		text := "goes on from its next slot"
		if paused {
			text = "is paused; `inlay schedule resume " + quoted(a.String()) + "` lets it go on"
		}
		if _, err := fmt.Fprintf(s.out, "%s %s.\n", a, text); err != nil {
			return err
		}
	}
	return nil
}
