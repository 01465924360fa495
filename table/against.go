package table

import (
	"hash/maphash"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// hit is a row of the head that has the identity of a staged row that is not older.
type hit struct {
	in     *input
	row    int64
	staged int64
	same   bool // the versions do not tell them apart: the content decides
}

// bloomKeys is the number of identities up to which bloom filters are asked before a key
// column is read.
const bloomKeys = 2048

// candidate reports whether a part of the head may hold an identity of the index.
func (m *merge) candidate(in *input, index *keyIndex, bound Range) bool {
	if m.full || len(m.deleted) > 0 {
		return true
	}
	if index.n == 0 || !in.part.Key.meets(bound) {
		return false
	}
	return true
}

// bloomed asks the bloom filters of a part for each key of a small run.
func (m *merge) bloomed(in *input, keys []string) (bool, error) {
	f, err := in.open(m.x.d)
	if err != nil {
		return false, err
	}
	leaf := in.leaf(m.x.l.leaves[m.x.l.key[0]].Path)
	for _, k := range keys {
		if !in.part.Key.has(k) {
			continue
		}
		found, err := f.mayHold(leaf, parquet.ByteArrayValue(bytesOf(k)))
		if found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// against resolves the rows of one part of the head against the index.
func (m *merge) against(index *keyIndex, in *input, pass, passes uint64) ([]hit, error) {
	if keys, ok := m.fewKeys(); ok {
		found, err := m.bloomed(in, keys)
		if err != nil || !found {
			return nil, err
		}
	}
	upsert := m.x.run.Spec.Mode() == spec.Upsert
	var hits []hit
	err := in.identities(m.x.d, m.x.l, func(row int64, identity []byte, version int64) error {
		h := hashKey(m.seeds, identity)
		if h[1]%passes != pass {
			return nil
		}
		s := index.find(h)
		switch {
		case s.empty():
			m.vanished(in, row, identity)
		case !upsert:
			m.dropStaged(s.row())
			m.counts.Unchanged++
		case s.version != noVersion && version != noVersion && s.version < version:
			m.dropStaged(s.row()) // an older row never replaces a newer one
			m.counts.Unchanged++
		default:
			in.dropRow(row)
			hits = append(hits, hit{in: in, row: row, staged: s.row(), same: s.version == version})
		}
		return nil
	})
	return hits, err
}

// fewKeys lists the keys of a small run whose key is one string column, so that bloom
// filters can be asked. It is not used where every row of the head matters.
func (m *merge) fewKeys() ([]string, bool) {
	l := m.x.l
	if m.full || len(m.deleted) > 0 || len(l.key) != 1 || l.leaves[l.key[0]].Kind != stream.String {
		return nil, false
	}
	var rows int64
	for _, in := range m.staged {
		rows += in.part.Rows
	}
	if rows > bloomKeys {
		return nil, false
	}
	if m.keys == nil {
		m.keys = []string{}
		for _, in := range m.staged {
			err := in.identities(m.x.d, l, func(_ int64, identity []byte, _ int64) error {
				m.keys = append(m.keys, string(identity[:len(identity)-m.x.l.versionBytes()]))
				return nil
			})
			if err != nil {
				return nil, false // the same error comes again where it can be returned
			}
		}
	}
	return m.keys, true
}

// vanished takes out, or marks, a row that is gone upstream.
func (m *merge) vanished(in *input, row int64, identity []byte) {
	if !m.full && !m.deleted[string(identity)] {
		return
	}
	if m.x.deletes() == DeletesRemove {
		in.dropRow(row)
		m.counts.Deleted++
		return
	}
	if in.gone == nil {
		in.gone = newBitset(in.part.Rows)
	}
	in.gone.set(row)
}

// unchanged looks at the content of rows that meet one of the head with the same version,
// and keeps the head's where they are equal: a part without a change is not written again.
func (m *merge) unchanged(hits []hit) error {
	equal, err := m.equal(hits)
	if err != nil {
		return err
	}
	for i, h := range hits {
		switch {
		case equal.has(int64(i)):
			m.dropStaged(h.staged)
			h.in.undropRow(h.row)
			m.counts.Unchanged++
		case m.x.l.addsUploadTime():
			m.replaced = append(m.replaced, h)
			fallthrough
		default:
			m.counts.Updated++
		}
	}
	return nil
}

// equal is the set of hits whose two rows have the same version and the same content. Each
// file's rows are hashed once, and forgotten before the next file's.
func (m *merge) equal(hits []hit) (bitset, error) {
	type half struct {
		hit int
		row int64
	}
	asked := map[*input][]half{}
	for i, h := range hits {
		if h.same {
			in, at := m.at(h.staged)
			asked[in] = append(asked[in], half{i, at})
			asked[h.in] = append(asked[h.in], half{i, h.row})
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	sums, seed := make([]uint64, len(hits)), maphash.MakeSeed()
	out, second := newBitset(int64(len(hits))), newBitset(int64(len(hits)))
	for in, halves := range asked {
		content, err := m.x.contents(in, seed)
		if err != nil {
			return nil, err
		}
		for _, a := range halves {
			i := int64(a.hit)
			switch {
			case !second.has(i):
				sums[i] = content[a.row]
				second.set(i)
			case sums[i] == content[a.row]:
				out.set(i)
			}
		}
	}
	return out, nil
}

// notYetMarked leaves of the rows that vanished those that are not marked already.
func (m *merge) notYetMarked() error {
	for _, in := range m.head {
		if in.gone == nil {
			continue
		}
		marked, err := m.x.flat(in, m.x.l.deleted)
		if err != nil {
			return err
		}
		var left int64
		for i := range in.part.Rows {
			switch {
			case !in.gone.has(i):
			case marked != nil && !marked.Null(int(i)):
				in.gone.clear(i)
			default:
				left++
			}
		}
		if left == 0 {
			in.gone = nil
		}
		m.counts.Deleted += left
	}
	return nil
}

// flat reads one whole column that is not nested; nil when the file lacks it.
func (x *Txn) flat(in *input, leaf int) (*stream.Vector, error) {
	if leaf < 0 {
		return nil, nil
	}
	from := in.leaf(x.l.leaves[leaf].Path)
	if from < 0 {
		return nil, nil
	}
	f, err := in.open(x.d)
	if err != nil {
		return nil, err
	}
	out := in.leaves[from]
	for g := range f.pq.RowGroups() {
		if err := f.rowsOf(g, from, 0, f.first[g+1]-f.first[g], &out); err != nil {
			return nil, err
		}
	}
	return &out, in.close()
}

// contents is a hash of each row's values, the added upload time left out.
func (x *Txn) contents(in *input, seed maphash.Seed) ([]uint64, error) {
	f, err := in.open(x.d)
	if err != nil {
		return nil, err
	}
	sums := make([]uint64, in.part.Rows)
	var buf []byte
	for i, leaf := range x.l.leaves {
		if i == x.l.added && x.l.addsUploadTime() {
			continue
		}
		from := in.leaf(leaf.Path)
		if from < 0 {
			continue
		}
		v := in.leaves[from]
		for g := range f.pq.RowGroups() {
			if err := f.column(g, from, &v); err != nil {
				return nil, err
			}
			row, rep := f.first[g]-1, uint8(0)
			for k, def := range v.Def {
				if v.MaxRep > 0 {
					rep = v.Rep[k]
				}
				if rep == 0 {
					row++
				}
				buf = append(buf[:0], byte(i), byte(i>>8), rep, def)
				if !v.Null(k) {
					buf = append(buf, encodeEntry(&v, k)...)
				}
				sums[row] = sums[row]*0x9E3779B97F4A7C15 + maphash.Bytes(seed, buf)
			}
		}
	}
	return sums, in.close()
}
