package project

import (
	"crypto/rand"
	"time"
)

// runID makes the id of a run: the second it began and six letters of chance, so that ids
// sort by time and two machines never meet.
func runID(now time.Time) string {
	const letters = "0123456789abcdefghjkmnpqrstvwxyz"
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return now.UTC().Format("20060102-150405-") + string(b[:])
}
