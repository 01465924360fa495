package main

import (
	"fmt"
	"html"
	"strings"
)

const (
	wide  = 8.4 // of a character
	high  = 18  // of a line
	inset = 14
)

// look has both themes; the browser chooses.
const look = `
.page{fill:#fff;stroke:#d0d7de}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328;white-space:pre}
.b{font-weight:700}.d{fill:#656d76}
.c31{fill:#cf222e}.c32{fill:#1a7f37}.c33{fill:#9a6700}.c36{fill:#0969da}
@media (prefers-color-scheme:dark){
.page{fill:#0d1117;stroke:#30363d}
text{fill:#e6edf3}.d{fill:#8b949e}
.c31{fill:#ff7b72}.c32{fill:#3fb950}.c33{fill:#d29922}.c36{fill:#58a6ff}
}
.f{visibility:hidden}
`

// picture draws a recording as one SVG that plays by itself, over and over. Who asked for
// less motion, or has a viewer without it, sees its last frame. Its description is the text of each page.
func picture(r recording) string {
	p := &painter{ids: map[string]int{}}
	var total, at float64
	for _, f := range r.frames {
		total += f.seconds
	}
	var css, frames strings.Builder
	for i, f := range r.frames {
		from, to := 100*at/total, 100*(at+f.seconds)/total
		at += f.seconds
		fmt.Fprintf(&css, "@keyframes k%d{0%%{visibility:hidden}%.3f%%{visibility:visible}%.3f%%{visibility:hidden}}#f%d{animation:k%d %.1fs step-end infinite}\n",
			i, from, min(to, 99.999), i, i, total)
		fmt.Fprintf(&frames, "<g class=\"f\" id=\"f%d\">%s</g>\n", i, p.frame(f))
	}
	last := len(r.frames) - 1
	fmt.Fprintf(&css, "#f%d{visibility:visible}\n@media (prefers-reduced-motion:reduce){.f{animation:none!important}}\n", last)
	width, height := inset*2+columns*wide, inset*2+rows*high
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" role="img">
<title>inlay in a terminal</title>
<desc>%s</desc>
<style>%s%s</style>
<rect class="page" x=".5" y=".5" width="%.0f" height="%d" rx="8"/>
<defs>
%s</defs>
%s</svg>
`, width, height, width, height, html.EscapeString(strings.Join(r.pages, separator)), look, css.String(), width-1, height-1, p.defs.String(), frames.String())
}

// separator stands between the pages of the description.
const separator = "\n\n----\n\n"

// painter draws each line once, however many frames show it.
type painter struct {
	defs strings.Builder
	ids  map[string]int
}

func (p *painter) frame(f frame) string {
	var out strings.Builder
	for row, line := range f.lines {
		drawn := drawLine(line)
		if drawn == "" {
			continue
		}
		id, known := p.ids[drawn]
		if !known {
			id = len(p.ids)
			p.ids[drawn] = id
			fmt.Fprintf(&p.defs, "<g id=\"l%d\">%s</g>\n", id, drawn)
		}
		fmt.Fprintf(&out, `<use href="#l%d" y="%d"/>`, id, inset+row*high)
	}
	return out.String()
}

// drawLine draws runs of one style, each at its column and as wide as its characters, so
// that columns stand below each other in any font.
func drawLine(line []cell) string {
	var out strings.Builder
	for from := 0; from < len(line); {
		to := from + 1
		for to < len(line) && line[to].style == line[from].style {
			to++
		}
		text := ""
		for _, c := range line[from:to] {
			text += string(c.char)
		}
		left := len([]rune(text)) - len([]rune(strings.TrimLeft(text, " ")))
		if text = strings.TrimSpace(text); text != "" {
			fmt.Fprintf(&out, `<text x="%.1f" y="13" textLength="%.1f"%s>%s</text>`, inset+float64(from+left)*wide,
				float64(len([]rune(text)))*wide, class(line[from].style), html.EscapeString(text))
		}
		from = to
	}
	return out.String()
}

func class(s style) string {
	var names []string
	if s.color != 0 {
		names = append(names, fmt.Sprintf("c%d", s.color))
	}
	if s.bold {
		names = append(names, "b")
	}
	if s.dim {
		names = append(names, "d")
	}
	if names == nil {
		return ""
	}
	return ` class="` + strings.Join(names, " ") + `"`
}
