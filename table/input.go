package table

import (
	"errors"
	"fmt"
	"math"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/stream"
)

// noVersion is the version of a row that has none.
const noVersion = math.MinInt64

// input is one file of rows that a commit reads: a staged segment or a part of the head.
type input struct {
	name      string // below the warehouse
	partition string
	part      Part
	leaves    []stream.Vector // of the file: paths, kinds and levels
	segment   *segment        // nil: a part of the head
	base      int64           // staged rows are numbered through all segments

	drop bitset          // rows that are not in the result; nil: none
	gone bitset          // rows that vanished upstream and are to be marked, unless they are marked; nil: none
	kept map[int32]int64 // rows whose added time is another's
	died int64           // number of bits in drop

	file  *partFile
	bring func(*durable.Dir, Part) error // makes the file stand under its name; nil: it does

	evolution *evolution // of a file of an older layout; nil: columns are what they are called
	again     map[stretchKey]*stream.Rows
}

// leaf finds a leaf of the result in the file; -1 if the file lacks it.
func (in *input) leaf(path []string) int {
	if in.evolution != nil {
		if was, ok := in.evolution.alias[path[0]]; ok {
			path = append([]string{was}, path[1:]...)
		}
	}
	return leafAt(in.leaves, path)
}

// keyLeaf finds a key column in the file, under its older name and with its older type.
func (in *input) keyLeaf(name string) (int, error) {
	was := name
	if in.evolution != nil {
		was = in.evolution.older(name)
	}
	if i := leafAt(in.leaves, []string{was}); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("the part %s lacks the key column %s", in.name, name)
}

func (in *input) open(d *durable.Dir) (*partFile, error) {
	if in.file != nil {
		return in.file, nil
	}
	if in.bring != nil {
		if err := in.bring(d, in.part); err != nil {
			return nil, err
		}
	}
	f, err := openPart(d, in.name, true)
	if err != nil {
		return nil, err
	}
	if f.rows() != in.part.Rows {
		return nil, errors.Join(fmt.Errorf("the part %s has %d rows, and its manifest says %d", in.name, f.rows(), in.part.Rows), f.Close())
	}
	in.file = f
	return f, nil
}

func (in *input) close() error {
	if in.file == nil {
		return nil
	}
	err := in.file.Close()
	in.file = nil
	return err
}

func (in *input) dropRow(i int64) {
	if in.drop == nil {
		in.drop = newBitset(in.part.Rows)
	}
	if !in.drop.has(i) {
		in.drop.set(i)
		in.died++
	}
}

func (in *input) undropRow(i int64) {
	if in.drop.has(i) {
		in.drop.clear(i)
		in.died--
	}
}

// touched reports whether the file's rows cannot stay as they are.
func (in *input) touched() bool { return in.died > 0 || in.gone != nil || len(in.kept) > 0 }

// identities calls fn for every row with its encoded identity, which is only good during
// the call, and its version. With byVersion the version is part of the identity.
func (in *input) identities(d *durable.Dir, l *layout, fn func(row int64, identity []byte, version int64) error) error {
	f, err := in.open(d)
	if err != nil {
		return err
	}
	keys := make([]int, len(l.key))
	for i, k := range l.key {
		if keys[i], err = in.keyLeaf(l.leaves[k].Path[0]); err != nil {
			return err
		}
	}
	version := -1
	if l.updated >= 0 {
		version = in.leaf(l.leaves[l.updated].Path)
	}
	columns := make([]*stream.Vector, len(keys))
	for i, k := range keys {
		v := in.leaves[k]
		columns[i] = &v
	}
	var versions *stream.Vector
	if version >= 0 {
		v := in.leaves[version]
		versions = &v
	}
	var buf []byte
	withVersion := l.byVersion()
	for g := range f.pq.RowGroups() {
		for i, k := range keys {
			if err := f.column(g, k, columns[i]); err != nil {
				return err
			}
		}
		if version >= 0 {
			if err := f.column(g, version, versions); err != nil {
				return err
			}
		}
		for i := range columns[0].Len() {
			v := int64(noVersion)
			if version >= 0 {
				v = versionOf(versions, i)
			}
			buf = appendIdentity(buf[:0], columns, i)
			if withVersion {
				buf = append(buf, keySeparator...)
				buf = append(buf, encodeInt(v)...)
			}
			if err := fn(f.first[g]+int64(i), buf, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// appendIdentity appends the encoded key of a row of these columns.
func appendIdentity(buf []byte, keys []*stream.Vector, row int) []byte {
	if len(keys) == 1 {
		return append(buf, encodeEntry(keys[0], row)...)
	}
	parts := make([]string, len(keys))
	for i, v := range keys {
		parts[i] = encodeEntry(v, row)
	}
	return append(buf, joinKey(parts)...)
}

// versionOf is a comparable form of an entry of the column that says which of two rows is newer.
func versionOf(v *stream.Vector, i int) int64 {
	if v.Null(i) {
		return noVersion
	}
	switch v.Kind {
	case stream.Int, stream.Timestamp:
		return v.Ints[i]
	}
	return noVersion
}
