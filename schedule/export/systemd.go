package export

import (
	"fmt"
	"strings"
)

// systemd writes one service that looks and one timer for each schedule.
func systemd(jobs []Job, o Options) []File {
	service := comment([]string{
		"inlay looks for what is due and imports it. The timers beside this unit say when.",
		"Put all of them in /etc/systemd/system, then: systemctl daemon-reload && systemctl enable --now inlay-*.timer",
		"Credentials belong in the file of EnvironmentFile, readable by its owner alone.",
	}) + fmt.Sprintf(`[Unit]
Description=inlay: import what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory=%s
EnvironmentFile=-/etc/inlay.env
ExecStart=%s run -due -lock-timeout=1m
TimeoutStopSec=2min
`, o.Folder, o.Command)
	out := []File{{"inlay.service", service}}
	for _, j := range jobs {
		if why := j.off(); why != "" {
			out[0].Text += comment([]string{"schedule." + j.Name + " " + why + ", so it has no timer."})
			continue
		}
		looks, notes := j.inZone(o.Year)
		var b strings.Builder
		b.WriteString(comment(j.about(notes)))
		fmt.Fprintf(&b, "[Unit]\nDescription=inlay: schedule.%s\n\n[Timer]\nUnit=inlay.service\n", j.Name)
		for _, l := range looks {
			for _, text := range l.calendar() {
				fmt.Fprintf(&b, "OnCalendar=%s %s\n", text, j.Schedule.Spec().Timezone)
			}
		}
		b.WriteString("AccuracySec=1s\n# A time that passed while the machine was off is looked at when it is on again.\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n")
		out = append(out, File{j.fileName() + ".timer", b.String()})
	}
	return out
}

// calendar writes a look as systemd does. Its days must satisfy both fields, so where
// either is enough there are two lines.
func (l look) calendar() []string {
	names := []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
	var weekdays []string
	for _, w := range l.weekdays {
		weekdays = append(weekdays, names[w])
	}
	at := field(l.hours, 24) + ":" + field(l.minutes, 60) + ":00"
	month, day := field(l.months, 12), list(l.days, ",", "0")
	week := strings.Join(weekdays, ",") + " "
	any := "*-" + month + "-* " + at
	on := "*-" + month + "-" + day + " " + at
	switch {
	case l.anyDay && l.anyWeekday:
		return []string{any}
	case l.anyDay:
		return []string{week + any}
	case l.anyWeekday:
		return []string{on}
	case l.both:
		return []string{week + on}
	}
	return []string{on, week + any}
}

func field(values []int, size int) string {
	if len(values) == size {
		return "*"
	}
	return list(values, ",", "0")
}
