package sandbox

import (
	"strconv"
	"strings"
)

// kind is one sort of object a workspace holds: how its identifiers look and how
// an object is written.
type kind struct {
	name  string
	ids   idForm
	write func(w *Workspace, b []byte, r row) []byte
}

// row is one object at one moment.
type row struct {
	index   int32
	id      string
	created int64 // Unix seconds
	updated int64 // Unix seconds
	touches int   // how often it changed since the workspace's epoch
	minor   int   // the API version it is written for: 16 is 2.16
	plain   bool  // bodies are written as plain text
	edit    *edit // nil when nobody edited it
}

// body appends a fixed piece of JSON, then HTML, or its text where that is asked.
func (r row) body(b []byte, before, html string) []byte {
	if !r.plain {
		return text(b, before, html)
	}
	var out strings.Builder
	for rest := html; rest != ""; {
		shown, tag, _ := strings.Cut(rest, "<")
		out.WriteString(shown)
		var found bool
		if _, rest, found = strings.Cut(tag, ">"); !found {
			break
		}
	}
	return text(b, before, out.String())
}

// idForm turns an index into an identifier and back.
type idForm struct {
	// hex: 24 hexadecimal digits, the first eight the time of creation, like
	// Intercom's contacts. Otherwise a decimal number from base on.
	hex  bool
	base int64
}

func (f idForm) of(salt uint64, index int32, created int64) string {
	if !f.hex {
		return strconv.FormatInt(f.base+int64(index), 10)
	}
	var b [24]byte
	high, low := uint64(uint32(created)), mix(salt^uint64(uint32(index)))
	for i := range 8 {
		b[i] = hexDigits[high>>(28-4*i)&15]
	}
	for i := range 16 {
		b[8+i] = hexDigits[low>>(60-4*i)&15]
	}
	return string(b[:])
}

// index is the inverse of of; the caller compares the identifier in full.
func (f idForm) index(salt uint64, id string) (int32, bool) {
	if !f.hex {
		n, err := strconv.ParseInt(id, 10, 64)
		n -= f.base
		return int32(n), err == nil && n >= 0 && n <= 1<<31-1
	}
	if len(id) != 24 || id != strings.ToLower(id) {
		return 0, false
	}
	low, err := strconv.ParseUint(id[8:], 16, 64)
	if err != nil {
		return 0, false
	}
	n := unmix(low) ^ salt
	return int32(n), n <= 1<<31-1
}

// compareIDs orders identifiers as Intercom's search does among equal sort
// values: numbers by value, hexadecimal ones by their digits.
func compareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
