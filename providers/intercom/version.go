package intercom

import (
	"strconv"
	"strings"
)

// version is a version of Intercom's API. Versions of one length of text do not sort as
// text ("2.9" comes before "2.10"), so they are compared as two numbers.
type version struct{ major, minor int }

// preview sorts after every numbered version.
var preview = version{major: 1 << 30}

// parseVersion reads "2.16", or one of the names of the version that is always newest.
func parseVersion(s string) (version, bool) {
	if s == "Preview" || s == "Unstable" {
		return preview, true
	}
	before, after, ok := strings.Cut(s, ".")
	major, err1 := strconv.ParseUint(before, 10, 16)
	minor, err2 := strconv.ParseUint(after, 10, 16)
	return version{int(major), int(minor)}, ok && err1 == nil && err2 == nil && s == strconv.Itoa(int(major))+"."+strconv.Itoa(int(minor))
}

// atLeast reports whether v is min or newer.
func (v version) atLeast(min version) bool {
	return v.major > min.major || v.major == min.major && v.minor >= min.minor
}

// exactSearch is the first version whose contact search compares dates to the second, in
// UTC. Until then it compares days, in the workspace's time zone.
var exactSearch = version{2, 17}
