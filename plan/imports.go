package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// build says how the target is read.
func (k clock) build(c candidate, why Why, head table.Manifest) Import {
	s := c.entry.Spec
	imp := Import{Address: c.address, Why: why, Since: sinceTime(s.Since)}
	switch {
	case c.reread || why == Damaged:
		imp.Full, imp.Replaces, imp.Reimport = true, true, true
	case c.backfill && why == Changed:
		imp.Backfill, imp.Until = true, sinceTime(head.Spec.Since)
	default:
		imp.Replaces = strings.HasPrefix(s.Mode(), spec.Replace)
		imp.Full = !s.Incremental()
		if !imp.Full {
			imp.From, imp.Position = head.Bookmark, head.Position
		}
	}
	return imp
}

// running reports whether a living process works on the table's rows now.
func running(c candidate) bool {
	return slices.ContainsFunc(c.table.Staged, func(s table.Staged) bool { return s.Held })
}

// interrupted reports whether a run of the table stopped half way and can go on.
func interrupted(c candidate) bool {
	return c.table != nil && slices.ContainsFunc(c.table.Staged, func(s table.Staged) bool { return s.Why == "" && !s.Held })
}

// resume lets the import go on with what an earlier run of it has staged, and says aloud
// what is of no use any more.
func (k clock) resume(c candidate, imp *Import) []Warning {
	if c.table == nil {
		return nil
	}
	var warnings []Warning
	staged := slices.Clone(c.table.Staged)
	slices.SortStableFunc(staged, func(a, b table.Staged) int { return cmp.Or(b.Saved.Compare(a.Saved), strings.Compare(a.Run, b.Run)) })
	for _, s := range staged {
		if s.Held || s.Why != "" && !(s.Why == "shrink" && k.options.AllowShrink) {
			continue
		}
		useless := k.useless(c, *imp, s)
		if useless == "" && imp.Resume != "" {
			useless = "a later one goes on"
		}
		if useless != "" {
			imp.Discard = append(imp.Discard, s.Run)
			warnings = append(warnings, Warning{Address: c.address, Summary: "Staged rows discarded",
				Detail: fmt.Sprintf("The unfinished run %s has %d rows staged, which cannot be used: %s.", s.Run, s.Rows, useless)})
			continue
		}
		imp.Resume, imp.Staged = s.Run, s.Rows
		if imp.Why != Damaged {
			imp.Why = Resumes
		}
		if imp.Slot == "" && s.Slot != "" {
			imp.Slot, imp.SlotTime = s.Slot, slotText(s.Slot, c)
		}
	}
	return warnings
}

// useless says why a staged run cannot go on as this import; "" when it can.
func (k clock) useless(c candidate, imp Import, s table.Staged) string {
	switch {
	case k.apart(&s.Spec, &c.entry.Spec).Risk() > Settings.Risk():
		return "it was read by other settings"
	case s.Full != imp.Full:
		return "it was " + map[bool]string{true: "a full", false: "an incremental"}[s.Full] + " read, and now the other is due"
	case imp.Replaces && k.now.Sub(s.Saved) > checkpointAge:
		return "it is older than a day, and rows of a read that replaces the table must be of one time"
	}
	return ""
}

// groupKey is the same for imports that may share one read: same connection, same family
// of streams, same question to the service, same way of reading.
func groupKey(c candidate, imp Import) string {
	s := c.entry.Spec
	question := map[string]any{}
	for name, v := range s.Source {
		switch name {
		case "stream", "since", "lookback", "enabled":
		default:
			if !unset(v) {
				question[name] = v
			}
		}
	}
	asked, err := json.Marshal(question)
	if err != nil { // settings are JSON-like by their contract; what is not shares nothing
		asked = []byte(c.address.String())
	}
	way := fmt.Sprintf("%t %t", imp.Full, imp.Backfill)
	if imp.Backfill {
		way += fmt.Sprintf(" %s %s", imp.Since, imp.Until)
	}
	return strings.Join([]string{c.entry.Connection.String(), family(c), string(asked), way}, "\x00")
}

func family(c candidate) string {
	if c.family != "" {
		return c.family
	}
	return c.entry.Spec.Stream()
}

// familyOf is the stream through whose reads a stream is found: its parent or itself.
func familyOf(s stream.Stream) string { return cmp.Or(s.Parent, s.Name) }

// slotText writes the name of a slot for people.
func slotText(name string, c candidate) string {
	at, err := schedule.TimeOf(name)
	if err != nil {
		return ""
	}
	return inZone(at, c.schedule)
}
