package intercom

import "hash/maphash"

// met remembers which rows a chain has met, so that each is counted once. Rows come in the
// order of the axis; those that lie far enough behind are forgotten, so that memory does
// not grow with the read. Where a row that lies there comes and is not known, nobody can
// tell whether it is new: it is taken and not counted. So an order that breaks can make the
// read fall short of what was announced, for which it is read again, and never hides that
// it is short.
type met struct {
	hash   maphash.Seed
	recent generation
	older  generation
	behind int64 // of rows up to here on the axis, some are forgotten; always if none is
	count  int64 // different rows
}

// generation is rows that are forgotten together.
type generation struct {
	updated map[uint64]int64 // by id
	highest int64            // on the axis
}

// rowsRemembered is how many rows a generation has at least before it is forgotten.
const rowsRemembered = 2048

// How a row stands to those that were met.
type acquaintance int

const (
	known    acquaintance = iota // and unchanged
	changed                      // known, and younger now
	doubtful                     // it may have been forgotten
	unknown                      // and counted now
)

func newMet() *met {
	return &met{hash: maphash.MakeSeed(), recent: newGeneration(), older: newGeneration(), behind: always}
}

func newGeneration() generation { return generation{updated: map[uint64]int64{}, highest: always} }

// row notes a row by its id and its place on the axis, always for none.
func (m *met) row(id string, at, updated int64) acquaintance {
	if at == always {
		at = never // the order says nothing of it, so it is never forgotten
	}
	key := maphash.String(m.hash, id)
	before, ok := m.recent.updated[key]
	if !ok {
		before, ok = m.older.updated[key]
	}
	if ok && updated <= before {
		return known
	}
	m.recent.updated[key] = updated
	m.recent.highest = max(m.recent.highest, at)
	switch {
	case ok:
		return changed
	case at <= m.behind:
		return doubtful
	}
	m.count++
	return unknown
}

// forget lets the older rows go when there are many, if all of them lie behind last.
func (m *met) forget(last int64) {
	if len(m.recent.updated) < rowsRemembered || m.older.highest >= last {
		return
	}
	m.behind = max(m.behind, m.older.highest)
	m.older, m.recent = m.recent, newGeneration()
}
