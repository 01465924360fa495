package lang

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// checkVersion compares the running version with what the configuration asks for, and
// reports whether it will do. A development version, which has no number, always does.
func (s *scope) checkVersion(constraint string, at hcl.Range) (ok bool) {
	if constraint == "" {
		return true
	}
	running, numbered := parseVersion(s.opt.Version)
	for _, part := range strings.Split(constraint, ",") {
		ok, err := allows(strings.TrimSpace(part), running)
		switch {
		case err != nil:
			s.found.error(sumVersionForm, at, "%v. A constraint is written like \">= 0.1\", \"~> 1.2\" or \">= 0.1, < 2\".", err)
			return false
		case !ok && numbered:
			s.found.error(sumVersion, at, "This configuration is for inlay %s, and this is inlay %s. Use another version of inlay, or change required_version if the configuration works with this one.", constraint, s.opt.Version)
			return false
		}
	}
	return true
}

type version [3]int

// parseVersion reads 1, 1.2 or 1.2.3, with or without v; what follows - or + is left out.
func parseVersion(text string) (v version, ok bool) {
	text, _, _ = strings.Cut(strings.TrimPrefix(text, "v"), "+")
	text, _, _ = strings.Cut(text, "-")
	parts := strings.Split(text, ".")
	if len(parts) > 3 {
		return v, false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return v, false
		}
		v[i] = n
	}
	return v, true
}

func allows(part string, running version) (bool, error) {
	n := strings.IndexFunc(part, func(r rune) bool { return !strings.ContainsRune("=!<>~", r) })
	if n < 0 {
		return false, fmt.Errorf("%q has no version in it", part)
	}
	op, text := part[:n], strings.TrimSpace(part[n:])
	want, ok := parseVersion(text)
	if !ok {
		return false, fmt.Errorf("%q is not a version", text)
	}
	order := compareVersions(running, want)
	switch op {
	case "", "=":
		return order == 0, nil
	case "!=":
		return order != 0, nil
	case ">":
		return order > 0, nil
	case ">=":
		return order >= 0, nil
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case "~>": // only the last number written may grow
		last := max(0, strings.Count(text, ".")-1)
		upper := want
		upper[last]++
		for i := last + 1; i < len(upper); i++ {
			upper[i] = 0
		}
		return order >= 0 && compareVersions(running, upper) < 0, nil
	}
	return false, fmt.Errorf("%q is not a comparison", op)
}

func compareVersions(a, b version) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
}
