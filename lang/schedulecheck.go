package lang

import (
	"errors"

	"github.com/inlay-sync/inlay/schedule"
)

// newSchedule parses a schedule. One with an attribute that could not be decoded is looked
// at without it.
func (l *load) newSchedule(b Block, i *instance) Schedule {
	s := Schedule{Block: b}
	if !b.Settings.Has("cron") {
		return s
	}
	parsed, err := schedule.FromSettings(b.Settings)
	if err == nil && len(i.broken) > 0 {
		return s
	}
	if err == nil {
		s.Parsed = parsed
		for _, w := range parsed.Warnings() {
			l.found.warning(sumScheduleNote, i.rangeAt("cron"), "%s", w)
		}
		return s
	}
	at := i.at
	var e *schedule.Error
	if errors.As(err, &e) {
		at = i.rangeAt(e.Field)
	}
	l.found.error(sumSchedule, at, "%v", err)
	return s
}
