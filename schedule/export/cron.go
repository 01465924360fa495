package export

import (
	"fmt"
	"strings"
)

// crontab writes lines for cron.
func crontab(jobs []Job, o Options) []File {
	call := fmt.Sprintf("cd %s && %s run -due -lock-timeout=1m", quoted(o.Folder), quoted(o.Command))
	call = strings.ReplaceAll(call, "%", `\%`) // cron takes % for the end of a line
	var b strings.Builder
	b.WriteString(comment([]string{
		"inlay looks for what is due and imports it. Add these lines with: crontab -e",
		"CRON_TZ is understood by cronie. A cron that does not know it, such as Debian's, reads the times in the machine's zone: set that zone, or look every 5 minutes with this line alone, which is right in every zone:",
		fmt.Sprintf("*/%d * * * * %s", every, call),
	}))
	b.WriteString("\n# cron forgets what passed while the machine was off, so inlay looks once when it starts.\n@reboot " + call + "\n")
	zone := ""
	for _, j := range jobs {
		b.WriteByte('\n')
		if why := j.off(); why != "" {
			b.WriteString(comment([]string{"schedule." + j.Name + " " + why + ", so it has no line."}))
			continue
		}
		looks, notes := j.inZone(o.Year)
		b.WriteString(comment(j.about(notes)))
		if z := j.Schedule.Spec().Timezone; z != zone {
			zone = z
			b.WriteString("CRON_TZ=" + z + "\n")
		}
		for _, l := range looks {
			b.WriteString(l.cron() + " " + call + "\n")
		}
	}
	return []File{{"inlay.crontab", b.String()}}
}

// quoted writes a word for a shell.
func quoted(text string) string {
	if text != "" && !strings.ContainsFunc(text, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("/._-+=:@", c))
	}) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
