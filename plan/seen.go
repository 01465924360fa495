package plan

import (
	"path"

	"github.com/inlay-sync/inlay/table"
)

// warehouse finds the tables that were seen.
type warehouse struct {
	byID    map[string]*table.SeenTable
	byPath  map[string]*table.SeenTable // without deleted ones
	foreign map[string]string
}

func survey(seen table.Seen) warehouse {
	w := warehouse{
		byID:    make(map[string]*table.SeenTable, len(seen.Tables)),
		byPath:  make(map[string]*table.SeenTable, len(seen.Tables)),
		foreign: seen.Foreign,
	}
	for i := range seen.Tables {
		t := &seen.Tables[i]
		w.byID[t.ID] = t
		if !t.Deleted {
			w.byPath[t.Path] = t
		}
	}
	return w
}

// live returns the table with this id unless it is gone or deleted.
func (w warehouse) live(id string) *table.SeenTable {
	if t := w.byID[id]; t != nil && !t.Deleted {
		return t
	}
	return nil
}

// hasFiles reports whether anything of the table with this id is left to be detached or
// deleted.
func (w warehouse) hasFiles(id string) bool {
	t := w.byID[id]
	return t != nil && (!t.Deleted || t.Pending)
}

// inTheWay returns what stands at a table's path, or where its database should be, and is
// not ours.
func (w warehouse) inTheWay(at string) (where, what string, ok bool) {
	for _, p := range []string{at, path.Dir(at)} {
		if what, ok := w.foreign[p]; ok {
			return p, what, true
		}
	}
	return "", "", false
}

// unreadable reports that not even the table's newest manifest can be read.
func unreadable(t *table.SeenTable) bool { return len(t.Damage) > 0 && t.Head.Table == "" }

// never reports that no import of the table has succeeded yet.
func never(t *table.SeenTable) bool { return t.Head.Started.IsZero() && t.Head.Rows == 0 }
