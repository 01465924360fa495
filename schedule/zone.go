package schedule

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // so that zones are known on machines without a database
)

// CheckZone is ParseZone for those who need only the error: it reads nothing from disk.
func CheckZone(name string) error {
	if name == "UTC" || isZoneName(name) {
		return nil
	}
	return zoneError(name)
}

// ParseZone returns the time zone with this name. It is the one check of a zone everywhere:
// a name is UTC or a Region/City of the IANA database, written exactly so. Abbreviations,
// offsets and "Local" mean different times in different seasons or places; they are errors,
// *Error of the field timezone, that suggest the name to use.
func ParseZone(name string) (*time.Location, error) {
	if err := CheckZone(name); err != nil {
		return nil, err
	}
	if name == "UTC" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, &Error{
			Field:      "timezone",
			Problem:    fmt.Sprintf("The rules of the time zone %q cannot be read on this machine: %v.", name, err),
			Suggestion: "Repair or remove the time zone database that ZONEINFO points to.",
		}
	}
	return zone, nil
}

func isZoneName(name string) bool {
	return name != "" && !strings.Contains(name, "\n") && strings.Contains(zoneNames, "\n"+name+"\n")
}

func zoneError(name string) error {
	e := &Error{Field: "timezone", Problem: fmt.Sprintf("%q is not the name of a time zone in the IANA database.", name)}
	switch {
	case name == "":
		e.Problem = "The time zone is empty."
	case strings.EqualFold(name, "local"):
		e.Problem = "The local zone of a machine is another one on every machine."
	case isOffset(name):
		e.Problem = fmt.Sprintf("%q is an offset, not a time zone: it cannot know when clocks change.", name)
	case len(name) <= 7 && name == strings.ToUpper(name) && knownAs(name) != "":
		e.Problem = fmt.Sprintf("%q is an abbreviation, which does not say where or in which season.", name)
	}
	if near := nearZones(name); len(near) > 0 {
		e.Suggestion = fmt.Sprintf("Write %s.", strings.Join(near, " or "))
	} else {
		e.Suggestion = `Write Region/City, such as "Asia/Tokyo", or "UTC".`
	}
	return e
}

func isOffset(name string) bool {
	return regexp.MustCompile(`^(?i:UTC|GMT|Z)?[+-]\d{1,2}(:?\d{2})?$`).MatchString(name)
}

// nearZones returns the names, quoted, that the writer of an unknown name may have meant.
func nearZones(name string) []string {
	if known := knownAs(name); known != "" {
		var out []string
		for n := range strings.FieldsSeq(known) {
			out = append(out, fmt.Sprintf("%q", n))
		}
		return out
	}
	if isOffset(name) {
		return offsetZone(name)
	}
	wanted := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), " ", "_"))
	if wanted == "" || len(wanted) > 64 {
		return nil
	}
	best, bestCost := "", 4
	for zone := range strings.FieldsSeq(zoneNames) {
		lower := strings.ToLower(zone)
		if lower == wanted || strings.HasSuffix(lower, "/"+wanted) {
			return []string{fmt.Sprintf("%q", zone)}
		}
		if cost := edits(lower, wanted, bestCost); cost < bestCost {
			best, bestCost = zone, cost
		}
	}
	if best == "" || bestCost*3 > len(wanted) {
		return nil
	}
	return []string{fmt.Sprintf("%q", best)}
}

// edits is the number of letters to change, add or leave out to make b of a, or limit if
// it is at least that.
func edits(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner, best := row[0], limit
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], cost
			best = min(best, cost)
		}
		if best >= limit {
			return limit
		}
	}
	return min(row[len(b)], limit)
}
