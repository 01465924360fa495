package report

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// columnsOf is how many columns of a terminal text takes: two for a wide character, none
// for a mark that stands on the one before it.
func columnsOf(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOfRune(r)
	}
	return n
}

func columnsOfRune(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cut shortens text to n columns, the last of which says that something is missing; 0 or
// less cuts nothing.
func cut(text string, n int) string {
	if n <= 0 || columnsOf(text) <= n {
		return text
	}
	used := 0
	for at, r := range text {
		if used += columnsOfRune(r); used > n-1 {
			return text[:at] + "…"
		}
	}
	return text
}
