package table

import (
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table/chunk"
)

// Bounds of what staging holds open: partitions, files, and bytes that wait in memory. Rows
// that come in no order of time go to many partitions in turn; a file for each few of them
// would cost more than all else.
const (
	openSegments = 256
	openFiles    = 32
	openBytes    = 40 << 20
)

// openSegment is a segment being written.
type openSegment struct {
	w       *partWriter
	file    string
	arrived []arrival
	used    int64
	waiting int64 // bytes in memory, about
	family  *family
}

// family are segments of one partition that were written one after the other, with
// dictionaries that went on from each to the next: their pages fit together. All of them
// are no more rows than one part may have.
type family struct {
	number       int // of its first file
	dictionaries *chunk.Dictionaries
	rows, bytes  int64 // of the segments that are closed
}

// stage appends the rows of a batch, by its number, to the segments of their partitions.
func (x *Txn) stage(leaves []*stream.Vector, n int, batch int64) error {
	groups, order := x.partitions(leaves, n)
	if len(order) > 1 {
		x.onceInBatch(leaves, n, groups)
	}
	for _, name := range order {
		chosen := groups[name]
		if len(order) == 1 {
			chosen = nil
		} else if len(chosen) == 0 {
			continue
		}
		s, err := x.segment(name)
		if err != nil {
			return err
		}
		if k := len(s.arrived); k == 0 || s.arrived[k-1].Batch != batch {
			s.arrived = append(s.arrived, arrival{Row: s.w.tally.rows, Batch: batch})
		}
		if err := s.w.rows(leaves, n, chosen); err != nil {
			return err
		}
		s.waiting = s.w.w.Waiting()
		if s.family.rows+s.w.tally.rows >= x.l.size.rows || s.family.bytes+s.w.bytes >= x.l.size.bytes {
			if err := x.endFamily(name); err != nil {
				return err
			}
		}
	}
	return x.bound()
}

// partitions tells which rows go to which partition, in order of first appearance.
func (x *Txn) partitions(leaves []*stream.Vector, n int) (map[string][]int32, []string) {
	if x.l.part.none() {
		return nil, []string{""}
	}
	v, d := leaves[x.l.time], newDays(x.l.part)
	groups := map[string][]int32{}
	var order []string
	for i := range n {
		name := d.nullName
		if !v.Null(i) {
			name = d.at(v.Ints[i])
		}
		if _, ok := groups[name]; !ok {
			order = append(order, name)
		}
		groups[name] = append(groups[name], int32(i))
	}
	return groups, order
}

// onceInBatch leaves one row of each identity in a batch that goes to several segments: the
// order of rows is known within a segment and between batches, and here it is neither.
func (x *Txn) onceInBatch(leaves []*stream.Vector, n int, groups map[string][]int32) {
	if len(x.l.key) == 0 {
		return
	}
	if x.seeds == [2]maphash.Seed{} {
		x.seeds = newSeeds()
	}
	index := newKeyIndex(int64(n))
	lost := map[int32]bool{}
	for row := range n {
		id, version := x.l.identity(leaves, row)
		h := hashKey(x.seeds, bytesOf(id))
		s := index.find(h)
		switch {
		case s.empty():
			index.put(h, int64(row), version)
		case version == noVersion || s.version == noVersion || version >= s.version:
			lost[int32(s.row())] = true
			s.stand(int64(row), version)
		default:
			lost[int32(row)] = true
		}
	}
	if len(lost) == 0 {
		return
	}
	for name, rows := range groups {
		groups[name] = slices.DeleteFunc(rows, func(r int32) bool { return lost[r] })
	}
}

// segment is the open segment of a partition; the one with most in memory is closed when
// too many are open.
func (x *Txn) segment(partition string) (*openSegment, error) {
	x.clock++
	if s := x.open[partition]; s != nil {
		s.used = x.clock
		return s, nil
	}
	if len(x.open) >= openSegments {
		if err := x.endFamily(x.held().largest); err != nil {
			return nil, err
		}
	}
	number := len(x.cp.Segments) + len(x.open) + 1 // after all that are closed and open
	f := x.families[partition]
	if f == nil {
		f = &family{number: number, dictionaries: chunk.NewDictionaries(x.l.leaves, x.dictionary)}
	}
	file := fmt.Sprintf("%06d%s.seg", number, x.attempt)
	s := &openSegment{w: createPart(x.d, x.dir+"/"+file, x.l, f.dictionaries), file: file, used: x.clock, family: f}
	x.open[partition] = s
	return s, nil
}

// held is what the open segments hold.
type held struct {
	bytes   int64
	files   int
	largest string // partition with most in memory
	oldest  string // partition whose file was used longest ago
}

func (x *Txn) held() held {
	var h held
	for name, s := range x.open {
		h.bytes += s.waiting
		if l := x.open[h.largest]; l == nil || s.waiting > l.waiting || s.waiting == l.waiting && s.used < l.used {
			h.largest = name
		}
		if s.w.file == nil {
			continue
		}
		h.files++
		if o := x.open[h.oldest]; o == nil || o.w.file == nil || s.used < o.used {
			h.oldest = name
		}
	}
	return h
}

// bound writes what waits in memory, the largest first, until it is little, and closes files
// until they are few.
func (x *Txn) bound() error {
	for {
		h := x.held()
		var err error
		switch s := x.open[h.largest]; {
		case h.files > openFiles:
			err = x.closeSegment(h.oldest)
		case h.bytes < openBytes:
			return nil
		case s.w.file == nil && h.files == openFiles:
			err = x.closeSegment(h.largest)
		default:
			err = s.w.endGroup()
			s.waiting = 0
		}
		if err != nil {
			return err
		}
	}
}

// closeSegment closes the open segment of a partition. The next one is of the same family.
func (x *Txn) closeSegment(partition string) error {
	s := x.open[partition]
	delete(x.open, partition)
	part, err := s.w.finish()
	if err != nil {
		return err
	}
	x.cp.Segments = append(x.cp.Segments, segment{File: s.file, Partition: partition, Family: s.family.number, Part: part, Arrived: s.arrived})
	s.family.rows += part.Rows
	s.family.bytes += part.Bytes
	x.families[partition] = s.family
	return nil
}

// endFamily closes the open segment of a partition, as the last of its family.
func (x *Txn) endFamily(partition string) error {
	err := x.closeSegment(partition)
	delete(x.families, partition)
	return err
}

// closeSegments closes all open segments, in the order of their files so that the same
// rows give the same list. Batches that still wait are staged first. Families that got no
// row since the last time end, so that there are no more of them than open segments.
func (x *Txn) closeSegments() error {
	if err := x.stageEarly(); err != nil {
		x.broken = err
		return err
	}
	x.families = map[string]*family{}
	for len(x.open) > 0 {
		first := ""
		for name, s := range x.open {
			if f := x.open[first]; f == nil || s.file < f.file {
				first = name
			}
		}
		if err := x.closeSegment(first); err != nil {
			return err
		}
	}
	return nil
}

func (x *Txn) abandonSegments() {
	x.early = nil
	for _, s := range x.open {
		s.w.abandon()
	}
	clear(x.open)
}
