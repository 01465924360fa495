package addr

import (
	"strings"
	"unicode/utf8"
)

// Nearest returns the known name that given was most likely meant to be, or "". A name
// counts as near when at most a third of it, and at most three characters, must change.
func Nearest(given string, known []string) string {
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

// NearestOf is Nearest among addresses.
func NearestOf(a Address, known []Address) string {
	texts := make([]string, len(known))
	for i, k := range known {
		texts[i] = k.String()
	}
	return Nearest(a.String(), texts)
}
