package lang

import (
	"errors"

	"github.com/inlay-sync/inlay/schedule"
)

// newSchedule parses a schedule, when its attributes could be decoded.
func (l *load) newSchedule(b Block, i *instance) Schedule {
	s := Schedule{Block: b}
	if len(i.broken) > 0 || !b.Settings.Has("cron") {
		return s
	}
	parsed, err := schedule.FromSettings(b.Settings)
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
