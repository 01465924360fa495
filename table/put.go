package table

import (
	"bytes"

	"github.com/inlay-sync/inlay/internal/durable"
)

// commit puts a manifest into the store, after the ranges of its parts; fs.ErrExist when
// another one has its number. Then the mirror has it too; if that fails the commit is done
// all the same, which *ErrUnpublished says.
func (r *remote) commit(t *Table, d *durable.Dir, m Manifest, data []byte) error {
	withRanges := m.Snapshot == m.Number && len(m.Parts) > 0
	if withRanges {
		ranges, err := encodeRanges(m)
		if err != nil {
			return err
		}
		if err := r.store.Put(t.rangesKey(m.Number, hashOf(data)), bytes.NewReader(ranges), int64(len(ranges))); err != nil {
			return err
		}
	}
	if err := r.store.PutNew(t.logKey(m.Number), data); err != nil {
		return err
	}
	r.reached(t, m.Number)
	err := r.keep(d, t.at(logName(m.Number)), data)
	if err == nil && withRanges {
		err = t.saveRanges(d, m)
	}
	if err != nil {
		return &ErrUnpublished{Path: m.Path, Err: err}
	}
	return nil
}

// push puts a file of the mirror into the store.
func (r *remote) push(d *durable.Dir, name, key string) error {
	f, err := d.Open(name)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	st, err := f.Stat()
	if err != nil {
		return err
	}
	return r.store.Put(key, f, st.Size())
}

// pushParts puts new parts into the store, where no manifest names them yet.
func (r *remote) pushParts(t *Table, d *durable.Dir, parts []newPart) error {
	return atOnce(parts, func(p newPart) error { return r.push(d, p.file, t.key("parts/"+p.Name)) })
}
