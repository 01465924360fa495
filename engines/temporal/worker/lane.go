package worker

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// The waits between tries of one slot: a minute, then twice as long each time. A worker
// that dies is no failure, and its import begins again at once.
const (
	firstRetry = time.Minute
	lastRetry  = 30 * time.Minute
)

// Lane is what a lane knows between two steps.
type Lane struct {
	Targets []Wanted `json:"targets"`
	Lost    []string `json:"lost,omitempty"` // why projects were left out
}

// Wanted is a target that may be due, with what is known of its slot.
type Wanted struct {
	Lineage string `json:"lineage"`
	Address string `json:"address"`

	Slot     string    `json:"slot,omitempty"` // the one that was tried
	Failures int       `json:"failures,omitempty"`
	After    time.Time `json:"after,omitzero"`   // that slot is not tried again before
	Person   bool      `json:"person,omitempty"` // nor until a person mended something
	Why      string    `json:"why,omitempty"`
}

// held reports whether a slot must not be tried now.
func (t *Wanted) held(slot string, now time.Time) bool {
	return t.Slot == slot && (t.Person || now.Before(t.After))
}

// lane is the workflow of one workspace. It ends when nothing of its targets is due or
// about to be, and fails when only a person can mend what is left.
func lane(ctx workflow.Context, l Lane) error {
	knocks := workflow.GetSignalChannel(ctx, knockName)
	for {
		l.listen(knocks)
		found, err := l.look(ctx)
		if err != nil {
			return err
		}
		read, next := l.choose(found, workflow.Now(ctx))
		switch {
		case len(read.Targets) > 0:
			if err := l.carry(ctx, read); err != nil {
				return err
			}
		case !next.IsZero():
			if err := rest(ctx, next, knocks); err != nil {
				return err
			}
		case knocks.Len() == 0:
			return l.end()
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			l.listen(knocks)
			return workflow.NewContinueAsNewError(ctx, laneName, l)
		}
	}
}

// listen takes the targets of every knock that has come.
func (l *Lane) listen(knocks workflow.ReceiveChannel) {
	var k Knock
	for knocks.ReceiveAsync(&k) {
		for _, a := range k.Targets {
			if l.target(k.Lineage, a) == nil {
				l.Targets = append(l.Targets, Wanted{Lineage: k.Lineage, Address: a})
			}
		}
		k = Knock{}
	}
}

func (l *Lane) target(lineage, address string) *Wanted {
	for i := range l.Targets {
		if t := &l.Targets[i]; t.Lineage == lineage && t.Address == address {
			return t
		}
	}
	return nil
}

// look asks how things stand with the targets, project by project. A project of which that
// cannot be found out, for a quarter of an hour, is left out until its next trigger: it must
// not stand in the way of others.
func (l *Lane) look(ctx workflow.Context) ([]Finding, error) {
	byProject := map[string]Knock{}
	var order []string
	for _, t := range l.Targets {
		k, known := byProject[t.Lineage]
		if !known {
			order = append(order, t.Lineage)
		}
		byProject[t.Lineage] = Knock{Lineage: t.Lineage, Targets: append(k.Targets, t.Address)}
	}
	var out []Finding
	for _, lineage := range order {
		var found []Finding
		err := workflow.ExecuteActivity(patiently(ctx), lookName, byProject[lineage]).Get(ctx, &found)
		if temporal.IsCanceledError(err) {
			return nil, err
		}
		if err != nil {
			l.Targets = slices.DeleteFunc(l.Targets, func(t Wanted) bool { return t.Lineage == lineage })
			l.Lost = append(l.Lost, fmt.Sprintf("the project %s: %v", lineage, err))
			continue
		}
		out = append(out, found...)
	}
	return out, nil
}

// choose takes the first read that can begin now, with all targets that share it, or says
// when to look again; the zero time is never. Targets with nothing to come are dropped.
func (l *Lane) choose(found []Finding, now time.Time) (read Read, next time.Time) {
	sooner := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	group := 0
	for _, f := range found {
		t := l.target(f.Lineage, f.Address)
		switch {
		case t == nil:
		case !f.Due && f.Next.IsZero():
			l.Targets = slices.DeleteFunc(l.Targets, func(o Wanted) bool { return o == *t })
		case !f.Due:
			sooner(f.Next)
		case t.held(f.Slot, now):
			if !t.Person {
				sooner(t.After)
			}
		case len(read.Targets) == 0:
			read, group = Read{Lineage: f.Lineage, Targets: []string{f.Address}, Slots: []string{f.Slot}}, f.Group
		case f.Lineage == read.Lineage && f.Group == group:
			read.Targets, read.Slots = append(read.Targets, f.Address), append(read.Slots, f.Slot)
		}
	}
	return read, next
}

// carry imports one read and notes what became of its targets.
func (l *Lane) carry(ctx workflow.Context, r Read) error {
	var done []Outcome
	err := workflow.ExecuteActivity(importing(ctx, r), importName, r).Get(ctx, &done)
	if err != nil {
		return err
	}
	now := workflow.Now(ctx)
	for i, address := range r.Targets {
		t := l.target(r.Lineage, address)
		at := slices.IndexFunc(done, func(o Outcome) bool { return o.Target == address })
		if t == nil {
			continue
		}
		if t.Slot != r.Slots[i] {
			*t = Wanted{Lineage: t.Lineage, Address: t.Address, Slot: r.Slots[i]}
		}
		switch {
		case at < 0 || done[at].Overlap: // somebody else is at the table
			t.After = now.Add(firstRetry)
		case done[at].Error != "":
			t.Failures++
			t.After = now.Add(min(lastRetry, firstRetry<<min(t.Failures-1, 10)))
			t.Person, t.Why = done[at].Person, done[at].Error
		}
	}
	return nil
}

// rest waits for an instant or a knock, whichever comes first.
func rest(ctx workflow.Context, until time.Time, knocks workflow.ReceiveChannel) error {
	_, err := workflow.AwaitWithTimeout(ctx, max(time.Second, until.Sub(workflow.Now(ctx))), func() bool { return knocks.Len() > 0 })
	return err
}

// end is the result of a lane with nothing more to do.
func (l *Lane) end() error {
	failed := slices.Clone(l.Lost)
	for _, t := range l.Targets {
		if t.Person {
			failed = append(failed, fmt.Sprintf("%s: %s", t.Address, t.Why))
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return temporal.NewNonRetryableApplicationError("only a person can mend this, and the next slot tries again: "+strings.Join(failed, "; "), "inlay-person", nil)
}
