package convert

import (
	"fmt"
	"regexp"
	"strings"
)

// addTime is Embulk's filter of that name: it adds a column of time, made from another
// column or from a value.
type addTime struct {
	line int
	to   string // the column it makes

	column   string // the column it reads, or
	value    string // fixed_time, incremental_time or upload_time
	format   string // how the column writes a time, in inlay's words; "": as it is
	problems []string
}

// addTimes reads all filters of that type.
func (c *conversion) addTimes() ([]addTime, error) {
	var out []addTime
	for _, f := range c.file.filters {
		typ := f.values["type"].node
		if typ == nil || typ.Value != "add_time" {
			continue
		}
		f.seen["type"] = true
		a, err := readAddTime(f)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func readAddTime(f *section) (addTime, error) {
	a := addTime{line: f.line, to: added}
	to, err := f.inner("to_column")
	if err != nil {
		return a, err
	}
	name, err := to.text("name")
	if err != nil {
		return a, err
	}
	if name != "" {
		a.to = name
	}
	typ, err := to.text("type")
	if err != nil {
		return a, err
	}
	if typ != "" && typ != "timestamp" {
		a.miss("its to_column.type %s: the added column is a timestamp", quoted(typ))
	}
	to.has("unix_timestamp_unit") // means nothing for a timestamp
	if err := a.readFrom(f); err != nil {
		return a, err
	}
	for _, k := range append(f.others(), to.others()...) {
		a.miss("its key %s: convert does not know it", f.full(k))
	}
	return a, nil
}

// readFrom reads what the time is made from.
func (a *addTime) readFrom(f *section) error {
	column, err := f.inner("from_column")
	if err != nil {
		return err
	}
	if a.column, err = column.text("name"); err != nil {
		return err
	}
	value, err := f.inner("from_value")
	if err != nil {
		return err
	}
	if len(value.keys) > 0 {
		if a.value, err = value.text("mode"); err != nil {
			return err
		}
		if a.value == "" {
			a.value = "fixed_time"
		}
	}
	for _, s := range []struct {
		in            *section
		format, zone  string
		unit, oldUnit string
	}{
		{column, "timestamp_format", "timezone", "unix_timestamp_unit", "unixtime_unit"},
		{f, "from_timestamp_format", "from_timezone", "from_unix_timestamp_unit", "from_unixtime_unit"},
	} {
		if err := a.readFormat(s.in, s.format, s.zone, s.unit, s.oldUnit); err != nil {
			return err
		}
	}
	column.has("type")
	for _, k := range column.others() {
		a.miss("its key %s: convert does not know it", column.full(k))
	}
	return nil
}

func (a *addTime) readFormat(s *section, format, zone, unit, oldUnit string) error {
	for _, name := range []string{format, unit, oldUnit, zone} {
		text, err := s.text(name)
		if err != nil {
			return err
		}
		if text == "" {
			continue
		}
		if name == zone {
			if text != "UTC" {
				a.miss("its time zone %s: a time is read with the offset it is written with, and a date in the zone of the target", quoted(text))
			}
			continue
		}
		if known := formatOf(text); known != "" {
			a.format = known
		} else {
			a.miss("its %s %s: the column must hold a timestamp, or a time that is written as rfc3339, date, unix or unix_ms", name, quoted(text))
		}
	}
	return nil
}

var rfc3339 = regexp.MustCompile(`^%Y-%m-%dT%H:%M:%S(\.%[369]?[NL])?(Z|%z|%:z)$`)

// formatOf finds inlay's word for a way of writing times: a pattern of strptime, or a unit
// of unix time. "" when there is none.
func formatOf(text string) string {
	plain := strings.NewReplacer("%F", "%Y-%m-%d", "%T", "%H:%M:%S").Replace(text)
	switch {
	case plain == "%Y-%m-%d":
		return "date"
	case plain == "%s" || plain == "sec":
		return "unix"
	case plain == "milli":
		return "unix_ms"
	case rfc3339.MatchString(plain):
		return "rfc3339"
	}
	return ""
}

func (a *addTime) miss(format string, args ...any) {
	a.problems = append(a.problems, fmt.Sprintf(format, args...))
}

// serves reports whether the filter makes the column that rows are partitioned by, when
// column is the one asked for.
func (a addTime) serves(column string) bool {
	return a.to == column || column == "" && a.to == added
}

// writeAddTime writes the filter, and reports whether it says by which time rows are
// partitioned.
func (c *conversion) writeAddTime(b *block, a addTime) bool {
	switch {
	case a.column != "":
		if a.to != added {
			a.miss("its name %s: the added column is called time", quoted(a.to))
		}
		for _, p := range a.problems {
			c.leave(b, a.line, "The filter add_time is carried over without %s.", p)
		}
		inner := newBlock("time")
		inner.set("from", literal(a.column))
		if a.format != "" {
			inner.set("format", literal(a.format))
		}
		b.hold(inner)
	case a.value == "upload_time":
		b.say("As with add_time and upload_time, a column time is added that holds when a row was uploaded.")
	case a.value != "":
		c.leave(b, a.line, "The filter add_time with from_value.mode %s is not carried over: a time that says nothing of the row tells no row from another. A column time is added that holds when a row was uploaded.", quoted(a.value))
	default:
		c.leave(b, a.line, "The filter add_time is not carried over: it names neither from_column nor from_value.")
		return false
	}
	return true
}
