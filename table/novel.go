package table

import (
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Novel counts the rows of a batch that the table does not have: those whose identity it
// lacks, and, where rows are updated by key, those that are newer. It stages nothing.
func (x *Txn) Novel(b stream.Batch) (int, error) {
	if b.Rows == nil || b.Rows.N == 0 {
		return 0, nil
	}
	leaves, err := x.leaves.of(x.l, b.Rows, x.run.Started)
	if err != nil {
		return 0, err
	}
	if err := x.l.checkKeys(leaves); err != nil {
		return 0, err
	}
	if len(x.l.key) == 0 {
		return b.Rows.N, nil
	}
	fresh := map[string]int64{} // identity -> version
	for row := range b.Rows.N {
		id, version := x.l.identity(leaves, row)
		if v, ok := fresh[id]; !ok || version > v {
			fresh[id] = version
		}
	}
	for _, in := range x.t.inputs(x.head) {
		if len(fresh) == 0 {
			break
		}
		if err := x.known(in, fresh); err != nil {
			return 0, err
		}
	}
	return len(fresh), nil
}

// known takes out of fresh what one part has.
func (x *Txn) known(in *input, fresh map[string]int64) error {
	var bound Range
	first := true
	for id := range fresh {
		bound = bound.with(Range{Min: id, Max: id}, first)
		first = false
	}
	if !x.l.byVersion() && !in.part.Key.meets(bound) {
		return nil
	}
	newer := x.run.Spec.Mode() == spec.Upsert || x.l.cursor >= 0 && x.l.cursor == x.l.updated
	err := in.identities(x.d, x.l, func(_ int64, id []byte, version int64) error {
		if v, ok := fresh[string(id)]; ok && (!newer || v <= version) {
			delete(fresh, string(id))
		}
		return nil
	})
	if cerr := in.close(); err == nil {
		err = cerr
	}
	return err
}

// identity is the encoded identity and the version of one row of a batch.
func (l *layout) identity(leaves []*stream.Vector, row int) (string, int64) {
	keys := make([]*stream.Vector, len(l.key))
	for i, k := range l.key {
		keys[i] = leaves[k]
	}
	version := int64(noVersion)
	if l.updated >= 0 {
		version = versionOf(leaves[l.updated], row)
	}
	id := string(appendIdentity(nil, keys, row))
	if l.byVersion() {
		id += keySeparator + encodeInt(version)
	}
	return id, version
}
