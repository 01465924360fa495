package plan

import (
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

// never reports that no import of the table has succeeded yet.
func never(t *table.SeenTable) bool { return t.Head.Started.IsZero() && t.Head.Rows == 0 }
