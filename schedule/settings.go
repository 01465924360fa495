package schedule

import (
	"fmt"
	"time"

	"github.com/inlay-sync/inlay/setting"
)

// Settings declares the attributes of a schedule block.
func Settings() []setting.Setting {
	return []setting.Setting{
		{
			Name: "cron", Kind: setting.String, Required: true, Check: setting.CheckCron,
			Doc: "When: minute, hour, day of month, month and day of week, or @hourly, @daily, @weekly, @monthly, @yearly.",
		},
		{
			Name: "timezone", Kind: setting.String, Default: "UTC", Check: setting.CheckZone,
			Doc: "The zone that cron is read in, as Region/City of the IANA database.",
		},
		{
			Name: "delay", Kind: setting.Duration, Default: "0s",
			Doc: "A run starts this long after its slot; the slot keeps its own time. At most 31 days.",
		},
		{
			Name: "jitter", Kind: setting.Duration, Default: "0s",
			Doc: "Spreads the targets of a schedule over this much time after the delay, each always at the same moment. At most 24 hours.",
		},
		{
			Name: "catchup", Kind: setting.String, Default: Latest, Values: []string{Latest, None},
			Doc: "What becomes of missed slots: the latest runs as soon as possible, or they lapse after an hour or half the time to the next one.",
		},
		{
			Name: "paused", Kind: setting.Bool, Default: false,
			Doc: "Nothing is due while it is true; slots passed meanwhile never count.",
		},
	}
}

// FromSettings parses a schedule from its decoded settings. Its errors are *Error.
func FromSettings(v setting.Values) (*Schedule, error) {
	spec := Spec{
		Cron:     v.String("cron"),
		Timezone: v.String("timezone"),
		Catchup:  v.String("catchup"),
		Paused:   v.Bool("paused"),
	}
	for name, to := range map[string]*time.Duration{"delay": &spec.Delay, "jitter": &spec.Jitter} {
		text := v.String(name)
		if text == "" {
			continue
		}
		d, err := setting.ParseDuration(text)
		if err != nil {
			return nil, &Error{
				Field:      name,
				Problem:    fmt.Sprintf("%q is not a duration.", text),
				Suggestion: `Write numbers with units, such as "30m", "1h30m" or "2d".`,
			}
		}
		*to = d
	}
	return Parse(spec)
}
