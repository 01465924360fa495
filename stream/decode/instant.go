package decode

import "time"

// isoInstant is the instant, in microseconds since 1970 UTC, of an ISO-8601 time that
// names its zone: 2024-12-18T15:04:05.25Z, 2024-12-18 15:04:05+0900, 2024-12-18T15:04-05:30.
// Digits beyond microseconds are cut off, towards the past.
func isoInstant(s string) (int64, bool) {
	p := isoParser{s: s, ok: true}
	year, month, day := p.num(4), 0, 0
	p.sep('-', '-')
	month = p.num(2)
	p.sep('-', '-')
	day = p.num(2)
	p.sep('T', ' ')
	hour, minute, second, micros := p.num(2), 0, 0, 0
	p.sep(':', ':')
	minute = p.num(2)
	if p.at(':') {
		p.s = p.s[1:]
		second = p.num(2)
		micros = p.fraction()
	}
	offset := p.zone()
	if !p.ok || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, micros*1000, time.UTC)
	if t.Day() != day || t.Month() != time.Month(month) {
		return 0, false
	}
	return t.UnixMicro() - int64(offset)*60_000_000, true
}

// isoParser reads fixed fields off the front of s; ok turns false at the first that fails.
type isoParser struct {
	s  string
	ok bool
}

func (p *isoParser) at(c byte) bool { return len(p.s) > 0 && p.s[0] == c }

func (p *isoParser) sep(a, b byte) {
	if p.at(a) || p.at(b) {
		p.s = p.s[1:]
		return
	}
	p.ok = false
}

func (p *isoParser) num(digits int) int {
	if len(p.s) < digits {
		p.ok = false
		return 0
	}
	n := 0
	for _, c := range []byte(p.s[:digits]) {
		if c < '0' || c > '9' {
			p.ok = false
			return 0
		}
		n = n*10 + int(c-'0')
	}
	p.s = p.s[digits:]
	return n
}

// fraction reads a fraction of a second, if there is one, as microseconds.
func (p *isoParser) fraction() int {
	if !p.at('.') && !p.at(',') {
		return 0
	}
	p.s = p.s[1:]
	n, seen := 0, 0
	for ; len(p.s) > 0 && '0' <= p.s[0] && p.s[0] <= '9'; p.s = p.s[1:] {
		if seen++; seen <= 6 {
			n = n*10 + int(p.s[0]-'0')
		}
	}
	if seen == 0 {
		p.ok = false
	}
	for ; seen < 6; seen++ {
		n *= 10
	}
	return n
}

// zone reads the zone that must end the text, as minutes east of UTC.
func (p *isoParser) zone() int {
	if p.s == "Z" || p.s == "z" {
		return 0
	}
	sign := 1
	if p.at('-') {
		sign = -1
	} else if !p.at('+') {
		p.ok = false
		return 0
	}
	p.s = p.s[1:]
	hours, minutes := p.num(2), 0
	if len(p.s) > 0 {
		if p.at(':') {
			p.s = p.s[1:]
		}
		minutes = p.num(2)
	}
	if len(p.s) > 0 || hours > 23 || minutes > 59 {
		p.ok = false
	}
	return sign * (hours*60 + minutes)
}
