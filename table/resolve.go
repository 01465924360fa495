package table

import (
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/inlay-sync/inlay/spec"
)

// passRows bounds the identities that are in memory at once. A larger run is resolved in
// several passes, each over a share of the identities.
const passRows = 192 << 10

// merge is the work of finding out, row by row, what a commit does: which staged rows
// count, and which rows of the head give way to them. Only bits are kept, one a row.
type merge struct {
	x        *Txn
	staged   []*input
	head     []*input
	seeds    [2]maphash.Seed
	index    keyIndex // of the pass
	counts   Counts
	dropHead bool // all rows of the head go
	full     bool // rows of the head that did not come are gone upstream
	deleted  map[string]bool
	keys     []string // of a small run, for bloom filters
	replaced []hit    // rows of the head that a staged row stands in place of
}

// resolve decides for every row of the run and of the head.
func (x *Txn) resolve(c Close) (*merge, error) {
	m := &merge{x: x, seeds: newSeeds(), counts: x.cp.Counts}
	var base int64
	for i := range x.cp.Segments {
		s := &x.cp.Segments[i]
		m.staged = append(m.staged, &input{
			name: x.dir + "/" + s.File, partition: s.Partition, part: s.Part, leaves: x.l.leaves, segment: s, base: base,
		})
		base += s.Part.Rows
	}
	m.head = x.t.inputs(x.head)
	m.dropHead = x.run.Reimport || x.run.Spec.Mode() == spec.Replace || x.run.Spec.Mode() == spec.ReplaceOnNewData
	if x.run.Spec.Mode() == spec.Upsert && x.deletes() != DeletesKeep && !m.dropHead {
		m.full = c.Final != nil && c.Final.Whole && !c.Final.Short() && c.Final.Skipped == 0
		m.deleted = map[string]bool{}
		for _, k := range x.cp.Deleted {
			m.deleted[k] = true
		}
	}
	defer m.closeAll()
	if len(x.l.key) == 0 {
		m.counts.Inserted = base
		return m, nil
	}
	passes := uint64(base/passRows) + 1
	for p := range passes {
		if err := m.pass(p, passes, base); err != nil {
			return nil, err
		}
	}
	m.index = keyIndex{} // what follows needs the memory
	if err := m.notYetMarked(); err != nil {
		return nil, err
	}
	m.count(base)
	return m, nil
}

func (x *Txn) deletes() string {
	if s := x.run.Spec.Target.String("deletes"); s != "" {
		return s
	}
	return DeletesKeep
}

func (m *merge) closeAll() {
	for _, list := range [][]*input{m.staged, m.head} {
		for _, in := range list {
			_ = in.close() // only read
		}
	}
}

// pass resolves the identities whose hash falls to this pass.
func (m *merge) pass(pass, passes uint64, rows int64) error {
	m.index.reset(rows / int64(passes))
	index := &m.index
	var bound Range
	for _, in := range m.staged {
		if err := m.among(index, in, pass, passes); err != nil {
			return err
		}
		if err := in.close(); err != nil {
			return err
		}
		bound = bound.with(in.part.Key, in == m.staged[0])
	}
	if !m.asksHead() {
		return nil
	}
	var hits []hit
	for _, in := range m.head {
		if !m.candidate(in, index, bound) {
			continue
		}
		found, err := m.against(index, in, pass, passes)
		if err != nil {
			return err
		}
		if err := in.close(); err != nil {
			return err
		}
		hits = append(hits, found...)
	}
	return m.unchanged(hits)
}

// among resolves rows of one run with one identity: the newer one counts.
func (m *merge) among(index *keyIndex, in *input, pass, passes uint64) error {
	return in.identities(m.x.d, m.x.l, func(row int64, identity []byte, version int64) error {
		h := hashKey(m.seeds, identity)
		if h[1]%passes != pass {
			return nil
		}
		s := index.find(h)
		if s.empty() {
			index.put(h, in.base+row, version)
			return nil
		}
		if other := s.row(); m.later(in.base+row, version, other, s.version) {
			m.dropStaged(other)
			s.stand(in.base+row, version)
		} else {
			m.dropStaged(in.base + row)
		}
		return nil
	})
}

// later reports whether staged row a counts rather than b: by version, else by arrival.
func (m *merge) later(a, va, b, vb int64) bool {
	if va != vb && va != noVersion && vb != noVersion {
		return va > vb
	}
	if ba, bb := m.arrived(a), m.arrived(b); ba != bb {
		return ba > bb
	}
	return a > b
}

func (m *merge) at(row int64) (*input, int64) {
	lo, hi := 0, len(m.staged)
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if m.staged[mid].base <= row {
			lo = mid
		} else {
			hi = mid
		}
	}
	return m.staged[lo], row - m.staged[lo].base
}

// arrived is the number of the batch a staged row came in.
func (m *merge) arrived(row int64) int64 {
	in, at := m.at(row)
	if in.segment == nil { // a part of the head: its name begins with its commit's number
		number, _, _ := strings.Cut(in.part.Name, "-")
		n, _ := strconv.ParseInt(number, 10, 64) // a name that is none is the oldest
		return n
	}
	var batch int64
	lo, hi := 0, len(in.segment.Arrived)
	for lo < hi {
		mid := (lo + hi) / 2
		if in.segment.Arrived[mid].Row <= at {
			batch, lo = in.segment.Arrived[mid].Batch, mid+1
		} else {
			hi = mid
		}
	}
	return batch
}

func (m *merge) dropStaged(row int64) {
	in, at := m.at(row)
	in.dropRow(at)
}

// asksHead reports whether rows of the head matter to rows of the run. A full read in
// append adds its rows whatever the table has.
func (m *merge) asksHead() bool {
	if m.dropHead {
		return false
	}
	return m.x.run.Spec.Mode() == spec.Upsert || m.x.run.Spec.Incremental()
}

// count fills in what the commit does to rows.
func (m *merge) count(staged int64) {
	for _, in := range m.staged {
		staged -= in.died
	}
	m.counts.Inserted = staged - m.counts.Updated
	if m.dropHead {
		m.counts.Deleted = m.x.head.Rows
	}
}
