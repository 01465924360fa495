package convert

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// block is one block of HCL on its way to text.
type block struct {
	head string // `source "intercom" "users"`
	body []string
}

func newBlock(kind string, labels ...string) *block {
	b := &block{head: kind}
	for _, l := range labels {
		b.head += " " + literal(l)
	}
	return b
}

// set writes an attribute; expr is HCL.
func (b *block) set(name, expr string) { b.body = append(b.body, name+" = "+expr) }

// say writes a comment, at the place where the next attribute comes.
func (b *block) say(format string, args ...any) {
	b.body = append(b.body, comment(fmt.Sprintf(format, args...))...)
}

// show writes a comment that is code, unbroken.
func (b *block) show(code string) { b.body = append(b.body, "#   "+code) }

// hold puts a block inside.
func (b *block) hold(inner *block) { b.body = append(b.body, inner.lines()...) }

func (b *block) lines() []string {
	out := append([]string{b.head + " {"}, b.body...)
	return append(out, "}")
}

const commentWidth = 92

// comment breaks a text into lines that each begin with #.
func comment(text string) []string {
	var out []string
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > commentWidth && line != "#" {
			out, line = append(out, line), "#"
		}
		line += " " + word
	}
	return append(out, line)
}

// literal writes a string as HCL, with nothing in it that is evaluated.
func literal(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case (r == '$' || r == '%') && strings.HasPrefix(text[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		case !unicode.IsPrint(r) || r == utf8.RuneError:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

const longestQuote = 60

// quoted shows a value of the person's in a sentence: printable, on one line, and short.
func quoted(text string) string {
	if n := utf8.RuneCountInString(text); n > longestQuote {
		text = string([]rune(text)[:longestQuote]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
