package lang

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// nearest returns the known name that given was most likely meant to be, or "". A name
// counts as near when at most a third of it, and at most three characters, must change.
func nearest(given string, known []string) string {
	best, bestDist := "", 1+min(3, max(1, utf8.RuneCountInString(given)/3))
	low := strings.ToLower(given)
	for _, name := range known {
		if n := utf8.RuneCountInString(name) - utf8.RuneCountInString(given); n >= bestDist || -n >= bestDist {
			continue
		}
		if d := distance(low, strings.ToLower(name)); d < bestDist {
			best, bestDist = name, d
		}
	}
	return best
}

// distance counts the characters to insert, remove, replace or swap with a neighbour to
// make b out of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, this := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		this[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			this[j] = min(last[j]+1, this[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				this[j] = min(this[j], before[j-2]+1)
			}
		}
		before, last, this = last, this, before
	}
	return last[len(y)]
}

// hint ends a message about an unknown name: the name that was meant when one is near,
// and otherwise what there is.
func hint(given string, known []string) string {
	if near := nearest(given, known); near != "" {
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
