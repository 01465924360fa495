package intercom

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/stream"
)

// bookmarkFormat is the form of bookmarks and resume points. Older forms stay readable.
const bookmarkFormat = 1

// mark is what a bookmark holds: every row whose column is below the watermark was read.
type mark struct {
	Format    int    `json:"v"`
	Column    string `json:"c"`
	Watermark int64  `json:"w"` // seconds since 1970
	// Deleted is how far deletions were read, where they are; 0 if not at all.
	Deleted int64 `json:"d,omitempty"`
}

func (m mark) bookmark() stream.Bookmark {
	b, err := json.Marshal(m)
	if err != nil { // three plain members always marshal
		return ""
	}
	return stream.Bookmark(b)
}

// parseMark reads a bookmark. One that cannot be read is no position, which re-reads from
// the beginning rather than skip anything.
func parseMark(b stream.Bookmark) (mark, bool) {
	var m mark
	err := json.Unmarshal([]byte(b), &m)
	return m, err == nil && m.Format == bookmarkFormat && slices.Contains([]string{"created_at", "updated_at", "deleted_at"}, m.Column)
}

// Compare orders two bookmarks of one stream; "" comes first.
func (*Provider) Compare(a, b stream.Bookmark) int {
	m, okM := parseMark(a)
	n, okN := parseMark(b)
	switch {
	case okM && okN:
		return cmp.Compare(m.Watermark, n.Watermark)
	case okM:
		return 1
	case okN:
		return -1
	}
	return 0
}

// Describe writes the position for people.
func (*Provider) Describe(b stream.Bookmark) string {
	m, ok := parseMark(b)
	if !ok {
		return "the beginning"
	}
	return m.Column + " " + time.Unix(m.Watermark, 0).UTC().Format("2006-01-02 15:04:05 UTC")
}
