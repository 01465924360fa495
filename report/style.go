package report

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Style says what the reader's screen can do.
type Style struct {
	Color bool // escape codes are welcome
	Width int  // columns of the terminal; 0 off a terminal, where nothing is cut
	Live  bool // lines already written may be redrawn
}

type ink string

const (
	plain  ink = ""
	bold   ink = "1"
	dim    ink = "2"
	red    ink = "31"
	green  ink = "32"
	yellow ink = "33"
	blue   ink = "34"
	cyan   ink = "36"
)

// paint wraps text in the escape codes of an ink when the style allows them.
func (s Style) paint(i ink, text string) string {
	if !s.Color || i == plain || text == "" {
		return text
	}
	return "\x1b[" + string(i) + "m" + text + "\x1b[0m"
}

// span is text in one ink; a line is cut by its visible width before it is painted.
type span struct {
	ink  ink
	text string
}

// line joins spans into one line that fits the style's width and ends in no space.
func (s Style) line(spans ...span) string {
	spans = fit(spans, s.Width)
	for i := len(spans) - 1; i >= 0; i-- {
		if spans[i].text = strings.TrimRight(spans[i].text, " "); spans[i].text != "" {
			break
		}
	}
	var b strings.Builder
	for _, sp := range spans {
		b.WriteString(s.paint(sp.ink, sp.text))
	}
	return b.String()
}

// fit cuts spans to a visible width; 0 cuts nothing.
func fit(spans []span, width int) []span {
	if width <= 0 {
		return spans
	}
	for i, sp := range spans {
		n := columnsOf(sp.text)
		if n > width {
			spans[i].text = cut(sp.text, width)
			return spans[:i+1]
		}
		if width -= n; width == 0 {
			return spans[:i+1]
		}
	}
	return spans
}

// wrap breaks text into lines of at most width runes at spaces; paragraphs stay apart.
// A width of 0 or less breaks nothing.
func wrap(text string, width int) []string {
	var out []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		out = append(out, wrapOne(paragraph, width)...)
	}
	return out
}

func wrapOne(text string, width int) []string {
	if width <= 0 || columnsOf(text) <= width {
		return []string{text}
	}
	var out []string
	current, length := "", 0
	for _, word := range words(text) {
		n := columnsOf(word)
		if current != "" && length+1+n > width {
			out = append(out, current)
			current, length = "", 0
		}
		if current != "" {
			current += " "
			length++
		}
		current += word
		length += n
	}
	return append(out, current)
}

// words splits at spaces; a command between backquotes is one word, so that it can be
// copied from one line.
func words(text string) []string {
	var out []string
	open := false
	for _, w := range strings.Fields(text) {
		if open {
			out[len(out)-1] += " " + w
		} else {
			out = append(out, w)
		}
		if strings.Count(w, "`")%2 == 1 {
			open = !open
		}
	}
	return out
}

// Clean removes what could drive a terminal from text of unknown origin: control
// characters become spaces, line breaks stay.
func Clean(text string) string {
	ok := func(r rune) bool { return r == '\n' || r == '\t' || !unicode.IsControl(r) && !isBidi(r) }
	if strings.IndexFunc(text, func(r rune) bool { return !ok(r) }) < 0 && utf8.ValidString(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if ok(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(text, "�"))
}

// isBidi reports the marks that reorder what is shown around them.
func isBidi(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// printer collects text and remembers the first error of its writer.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(text string) { p.text(text + "\n") }

func (p *printer) text(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, text)
	}
}
