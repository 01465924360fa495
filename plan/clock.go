package plan

import (
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// Notes of targets that wait.
const (
	noteDisabled = "disabled"
	noteNone     = "no schedule"
	notePaused   = "paused"
	noteHeld     = "paused by hand"
	noteHeldAll  = "its schedule is paused by hand"
	noteFirst    = "waits for its first slot"
	noteNever    = "no further slot"
)

// NoteRunning is the note of a target that a living process imports now.
const NoteRunning = "an import of it is running"

// NoteSlotDone is the note of a target whose asked slot was imported before.
const NoteSlotDone = "the slot is done"

// checkpointAge is how old the checkpoint of a read that replaces the table may be: rows
// read earlier would stand for what has changed since.
const checkpointAge = 24 * time.Hour

// clock decides which imports run now, and when the others are next.
type clock struct {
	now     time.Time
	options Options
	pauses  Pauses
	asked   map[addr.Address]bool
	apart   func(a, b *spec.Spec) Effect
	// runs: only what was asked for, and with due what is due, not what tables need.
	runs, due bool
}

// candidate is one target that might be imported.
type candidate struct {
	address  addr.Address
	entry    state.Target
	table    *table.SeenTable   // nil: to be made
	schedule *schedule.Schedule // nil: once
	off      bool               // the schedule is disabled
	lost     bool               // the table is made again
	reread   bool               // the table must be read again
	backfill bool               // older rows are wanted than the table was built with
	family   string             // of its stream: what can share a read
}

// verdict is what becomes of a candidate: exactly one of imp and wait is set.
type verdict struct {
	imp      *Import
	group    string
	wait     *Waiting
	warnings []Warning
	problems Problems
}

func (k clock) decide(c candidate) verdict {
	due, next := k.slots(c)
	why, because := k.why(c, due != nil)
	if !because {
		return verdict{wait: k.waiting(c, next, "")}
	}
	head := headOf(c)
	if c.table != nil && why != Changed && why != Asked && running(c) {
		return verdict{wait: k.waiting(c, next, NoteRunning)}
	}
	imp := k.build(c, why, head)
	var v verdict
	if due != nil && !imp.Backfill {
		imp.Slot, imp.SlotTime = due.Name, inZone(due.Time, c.schedule)
	}
	if why == Asked && k.options.Slot != "" {
		if head.Slot == k.options.Slot {
			return verdict{wait: k.waiting(c, next, NoteSlotDone)}
		}
		v.problems = k.driven(c, &imp)
	}
	v.warnings = k.resume(c, &imp)
	if !imp.Backfill {
		next = k.after(c, imp.Slot)
	}
	imp.Next, imp.NextText = next, inZone(next, c.schedule)
	v.imp, v.group = &imp, groupKey(c, imp)
	return v
}

func headOf(c candidate) table.Manifest {
	if c.table == nil {
		return table.Manifest{}
	}
	return c.table.Head
}

// why finds the strongest reason to import now.
func (k clock) why(c candidate, due bool) (Why, bool) {
	waits := c.entry.Spec.Target.String("first_import") == "scheduled" && c.schedule != nil
	fresh := c.table == nil || never(c.table)
	switch {
	case k.runs && !k.asked[c.address] && !k.options.RunAll && !(due && k.due):
		return "", false
	case c.lost, c.table != nil && len(c.table.Damage) > 0:
		return Damaged, true
	case c.reread, c.backfill:
		return Changed, true
	case k.asked[c.address] || k.options.RunAll:
		return Asked, true
	case due:
		return Due, true
	case fresh && !waits:
		return New, true
	case interrupted(c):
		return Resumes, true
	}
	return "", false
}
