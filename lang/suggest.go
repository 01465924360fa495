package lang

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
)

// hint ends a message about an unknown name: the name that was meant when one is near,
// and otherwise what there is.
func hint(given string, known []string) string {
	if near := addr.Nearest(given, known); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	switch {
	case len(known) == 0:
		return ""
	case len(known) > 24:
		return fmt.Sprintf(" There are %d to choose from, %s among them.", len(known), quotedList(known[:6], "and"))
	}
	return thereAre(len(known)) + quotedList(known, "and") + "."
}

func thereAre(n int) string {
	if n == 1 {
		return " There is "
	}
	return " There are "
}

// quotedList writes names for people: "a", "b" and "c".
func quotedList(names []string, last string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return list(quoted, last)
}

func list(names []string, last string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + last + " " + names[len(names)-1]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
