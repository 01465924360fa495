package trigger

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	common "go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/inlay-sync/inlay/setting"
)

// Field is one thing that Temporal is told of a trigger, in words.
type Field struct{ Name, Value string }

// Fields are all that Temporal is told of the trigger.
func (t Trigger) Fields() []Field {
	o := t.Options()
	return fieldsOf(&client.Schedule{
		Action: o.Action, Spec: &o.Spec,
		Policy: &client.SchedulePolicies{Overlap: o.Overlap, CatchupWindow: o.CatchupWindow, PauseOnFailure: o.PauseOnFailure},
		State:  &client.ScheduleState{Note: o.Note, Paused: o.Paused},
	})
}

// fieldsOf writes one of Temporal's schedules in words, in which two that do the same are
// the same.
func fieldsOf(s *client.Schedule) []Field {
	out := append(specFields(s.Spec),
		Field{"paused", strconv.FormatBool(s.State.Paused)},
		Field{"note", s.State.Note},
		Field{"overlap", overlap(s.Policy.Overlap)},
		Field{"catch-up window", setting.ShortDuration(s.Policy.CatchupWindow)},
		Field{"pauses on failure", strconv.FormatBool(s.Policy.PauseOnFailure)},
		Field{"limited to", ""})
	if s.State.LimitedActions {
		out[len(out)-1].Value = fmt.Sprintf("%d more", s.State.RemainingActions)
	}
	a, ok := s.Action.(*client.ScheduleWorkflowAction)
	if !ok {
		return append(out, Field{"starts", fmt.Sprintf("%T", s.Action)})
	}
	input := make([]string, len(a.Args))
	for i, v := range a.Args {
		input[i] = payload(v)
	}
	return append(out,
		Field{"starts", fmt.Sprint(a.Workflow)},
		Field{"with", strings.Join(input, " ")},
		Field{"as", a.ID},
		Field{"on the task queue", a.TaskQueue})
}

func specFields(s *client.ScheduleSpec) []Field {
	var other []string
	var instants []time.Time
	for _, i := range s.Intervals {
		if at := time.Unix(int64(i.Every/time.Second), 0).UTC(); i.Offset == 0 && at.Year() > 2000 {
			instants = append(instants, at)
			continue
		}
		other = append(other, fmt.Sprintf("every %s, %s after", setting.ShortDuration(i.Every), setting.ShortDuration(i.Offset)))
	}
	for _, c := range s.Skip {
		other = append(other, "not "+calendarText(c))
	}
	for _, c := range s.CronExpressions {
		other = append(other, "cron "+c)
	}
	if !s.StartAt.IsZero() {
		other = append(other, "from "+s.StartAt.UTC().Format(time.RFC3339))
	}
	if !s.EndAt.IsZero() {
		other = append(other, "until "+s.EndAt.UTC().Format(time.RFC3339))
	}
	var times []string
	for _, c := range s.Calendars {
		times = append(times, calendarText(c))
	}
	zone := s.TimeZoneName
	if zone == "" {
		zone = "UTC"
	}
	return []Field{
		{"times", strings.Join(times, "; ")}, {"changes of the clock", instantsText(instants)}, {"other times", strings.Join(other, "; ")},
		{"timezone", zone}, {"jitter", setting.ShortDuration(s.Jitter)},
	}
}

// instantsText writes one instant as it is, and more by the first and the last, with a sum by
// which two lists that differ between them are told apart.
func instantsText(all []time.Time) string {
	if len(all) == 0 {
		return ""
	}
	slices.SortFunc(all, time.Time.Compare)
	sum := fnv.New32a()
	for _, at := range all {
		fmt.Fprintln(sum, at.Unix())
	}
	first, last := all[0].Format(time.RFC3339), all[len(all)-1].Format(time.RFC3339)
	if len(all) == 1 {
		return first
	}
	return fmt.Sprintf("%d instants from %s to %s (%08x)", len(all), first, last, sum.Sum32())
}

// calendarText writes a calendar as cron does, with the year behind it where there is one
// and the second in front where it is not the first.
func calendarText(c client.ScheduleCalendarSpec) string {
	parts := []string{list(c.Minute, 0, 59), list(c.Hour, 0, 23), list(c.DayOfMonth, 1, 31), list(c.Month, 1, 12), list(c.DayOfWeek, 0, 6)}
	if len(c.Year) > 0 {
		parts = append(parts, list(c.Year, 2000, 2100))
	}
	if second := list(c.Second, 0, 59); second != "0" {
		parts = append([]string{second}, parts...)
	}
	return strings.Join(parts, " ")
}

// list writes the values of a field; none at all is Temporal's default, its least one for
// times of day and any for days.
func list(in []client.ScheduleRange, least, most int) string {
	has := map[int]bool{}
	for _, r := range in {
		for v := r.Start; v <= max(r.Start, r.End); v += max(1, r.Step) {
			has[v] = true
		}
	}
	var values []int
	for v := least; v <= most; v++ {
		if has[v] {
			values = append(values, v)
		}
	}
	if len(values) == most-least+1 || len(in) == 0 && least == 1 {
		return "*"
	}
	if len(in) == 0 {
		return strconv.Itoa(least)
	}
	var parts []string
	for _, r := range ranges(values) {
		text := strconv.Itoa(r.Start)
		if r.End > r.Start {
			text += "-" + strconv.Itoa(r.End)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ",")
}

func overlap(p enums.ScheduleOverlapPolicy) string {
	if p == enums.SCHEDULE_OVERLAP_POLICY_UNSPECIFIED {
		p = enums.SCHEDULE_OVERLAP_POLICY_SKIP // what it stands for
	}
	return strings.ToLower(p.String())
}

// payload writes what a workflow is given, as JSON where it is.
func payload(v any) string {
	p, ok := v.(*common.Payload)
	if !ok {
		var err error
		if p, err = converter.GetDefaultDataConverter().ToPayload(v); err != nil {
			return fmt.Sprint(v)
		}
	}
	return string(p.GetData())
}
