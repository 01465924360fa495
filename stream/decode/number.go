package decode

import (
	"math"
	"strconv"
)

// exactInt is the value of a JSON number that is a whole number of 64 bits, in whatever
// form it is written: 12, 12.0 and 1.2e1 are the same.
func exactInt(text string) (int64, bool) {
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return v, true
	}
	d, ok := decimalOf(text)
	if !ok {
		return 0, false
	}
	if len(d.digits) == 0 {
		return 0, true
	}
	if d.exp < 0 || len(d.digits)+d.exp > 19 {
		return 0, false
	}
	for range d.exp {
		d.digits = append(d.digits, '0')
	}
	if d.negative {
		d.digits = append([]byte{'-'}, d.digits...)
	}
	v, err := strconv.ParseInt(string(d.digits), 10, 64)
	return v, err == nil
}

// canonicalInt is the value of an integer written the one usual way: no plus sign, no
// leading zeros, no minus zero.
func canonicalInt(text string) (int64, bool) {
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, false
	}
	var room [20]byte
	return v, string(strconv.AppendInt(room[:0], v, 10)) == text
}

// exactFloat is the double that stands for a JSON number without loss: written with as
// many digits as text has, it reads the same. So the output of any program that prints
// doubles fits, and a longer decimal, or an integer beyond 2^53 that is no double, does not.
func exactFloat(text string) (float64, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	if len(text) <= 15 && math.Abs(f) >= 1e-290 {
		return f, true
	}
	want, ok := decimalOf(text)
	if !ok {
		return 0, false
	}
	if len(want.digits) == 0 || len(want.digits) > maxDigits {
		return f, len(want.digits) == 0
	}
	got, _ := decimalOf(strconv.FormatFloat(f, 'e', len(want.digits)-1, 64))
	return f, string(got.digits) == string(want.digits) && got.exp == want.exp
}

// maxDigits is more than the exact decimal of any double has.
const maxDigits = 800

// decimal is ±digits × 10^exp without leading or trailing zeros; no digits is zero.
type decimal struct {
	negative bool
	digits   []byte
	exp      int
}

// decimalOf takes a JSON number apart. It fails only on an exponent of absurd size.
func decimalOf(text string) (decimal, bool) {
	var d decimal
	point := false
	i := 0
	if text[0] == '-' {
		d.negative, i = true, 1
	}
	for ; i < len(text) && text[i]|0x20 != 'e'; i++ {
		if text[i] == '.' {
			point = true
			continue
		}
		if len(d.digits) > 0 || text[i] != '0' {
			d.digits = append(d.digits, text[i])
		}
		if point {
			d.exp--
		}
	}
	if i < len(text) {
		e, err := strconv.ParseInt(text[i+1:], 10, 32)
		if err != nil && len(d.digits) > 0 {
			return decimal{}, false
		}
		d.exp += int(e)
	}
	for n := len(d.digits); n > 0 && d.digits[n-1] == '0'; n-- {
		d.digits = d.digits[:n-1]
		d.exp++
	}
	if len(d.digits) == 0 {
		d.exp = 0
	}
	return d, true
}

// Integers below milliStart are seconds, from there to tooLarge milliseconds: the same
// year, 5138, ends both.
const (
	milliStart = 100_000_000_000
	tooLarge   = milliStart * 1000
)

// instantOf is the instant, in microseconds, of an integer of seconds or milliseconds
// since 1970, told apart by their size.
func instantOf(n int64) (int64, bool) {
	switch {
	case -milliStart < n && n < milliStart:
		return n * 1_000_000, true
	case -tooLarge < n && n < tooLarge:
		return n * 1000, true
	}
	return 0, false
}
