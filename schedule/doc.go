// Package schedule defines the schedule: when a target's rows are imported, as a cron
// expression in a time zone; and the slot, one of its instants.
//
// It is pure: no clock, disk or network, so the same text and the same instant give the
// same answer everywhere. A parsed Schedule is immutable and may be shared.
//
// # Expressions
//
// Five fields: minute, hour, day of month, month, day of week. Each takes `*`, numbers,
// names (JAN, MON), ranges, steps over `*` or a range, and lists of these. 7 is Sunday, `?`
// means `*` in both fields of days, and @hourly, @daily, @midnight, @weekly, @monthly,
// @yearly and @annually stand for what they say. When both fields of days are given, a day
// that either names is meant, unless one of them begins with `*` (a step): then a day must
// satisfy both. That is cron's rule, and Warnings says when it applies. An expression that
// fires on no date at all is an error.
//
// # Clock changes
//
// An expression repeats when its hour field holds `*`, a range or a step that comes to more
// than one hour ("0 * * * *", "*/5 9-17 * * *", "0 */6 * * *"). Its slots follow elapsed
// time: every minute at which the zone's clock shows a matching time is a slot, so an hour
// that is skipped has none and an hour that comes twice has two. They are named by their
// instant in UTC.
//
// Every other expression has fixed times: one hour, or a list of hours one by one ("10 0 *
// * *", "0 2,14 * * *"). A fixed time's slot is the first instant at which the zone's clock
// shows that time or a later one. So a time that a clock change skips runs at the first
// instant after the gap, one that comes twice runs at its first, and a daily schedule has
// exactly one slot on each civil date of its zone. Times that fall on one instant are one
// slot, named by the latest of them. They are named by their civil time and zone.
package schedule
