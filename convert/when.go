package convert

import (
	"errors"

	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
)

// writeSchedule writes the schedule of connector:create. What is wrong with it is said
// where the target would name it.
func (c *conversion) writeSchedule() error {
	a := c.args
	if a.Cron == "" {
		return nil
	}
	if _, err := schedule.Parse(schedule.Spec{Cron: a.Cron}); err != nil {
		return nil // said by the target
	}
	c.facts.schedule = nameOf(a.Name, c.facts.table)
	b := newBlock("schedule", c.facts.schedule)
	c.schedule = b
	b.set("cron", literal(a.Cron))
	zone := a.Timezone
	if zone == "" {
		zone = "UTC"
	}
	if err := schedule.CheckZone(zone); err != nil {
		c.leave(b, 0, "The time zone %s is not carried over. %s Until a zone is written here, cron is read in UTC.", quoted(zone), reason(err))
	} else {
		b.set("timezone", literal(zone))
	}
	if d := a.delay(); d != 0 {
		if _, err := schedule.Parse(schedule.Spec{Cron: a.Cron, Delay: d}); err != nil {
			c.leave(b, 0, "The delay of %s seconds is not carried over. %s", a.Delay, reason(err))
		} else {
			b.set("delay", literal(setting.ShortDuration(d)))
		}
	}
	return nil
}

// writeWhen names the schedule in the target, or says why there is none.
func (c *conversion) writeWhen(b *block) {
	a := c.args
	switch {
	case c.facts.schedule != "":
		b.set("schedule", "schedule."+c.facts.schedule)
	case a.Cron != "":
		_, err := schedule.Parse(schedule.Spec{Cron: a.Cron})
		c.leave(b, 0, "The schedule is not carried over: its cron is %s. %s", quoted(a.Cron), reason(err))
	case a.Timezone != "" || a.delay() != 0:
		c.leave(b, 0, "A time zone or a delay is not carried over: they belong to a cron expression, and there is none.")
	}
}

// reason is what the schedule says, in its own sentences.
func reason(err error) string {
	var e *schedule.Error
	if errors.As(err, &e) {
		return e.Error()
	}
	return ""
}
