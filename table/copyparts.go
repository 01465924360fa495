package table

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
)

// parts copies the parts of all snapshots that are kept, as far as they are not there yet.
// Each is proved on its way: a damaged part is not copied.
func (c *copying) parts() error {
	there, err := c.to.partSizes(c.target)
	if err != nil {
		return err
	}
	var missing []Part
	var need int64
	for _, m := range c.keep {
		for _, p := range m.Parts {
			if size, ok := there[p.Name]; !ok || size != p.Bytes {
				there[p.Name] = p.Bytes
				missing = append(missing, p)
				need += p.Bytes
			}
		}
	}
	if free := c.target.Free(); c.to.wh.remote == nil && free >= 0 && free < need {
		return &durable.FullError{Err: fmt.Errorf("%s has %d KiB free, and the copy of %s needs %d KiB", c.to.wh.Place(), free>>10, c.done.Head.Path, need>>10)}
	}
	if err := atOnce(missing, c.part); err != nil {
		return err
	}
	c.done.Parts, c.done.Bytes = len(missing), need
	if c.to.wh.remote != nil {
		return nil
	}
	return c.target.SyncDir(c.to.at("parts"))
}

func (c *copying) part(p Part) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if err := c.from.bring(c.source, p); err != nil {
		return err
	}
	if what := c.from.wrongPart(c.source, p); what != "" {
		return &ErrDamaged{Path: c.done.Head.Path, Damage: []Damage{{File: "parts/" + p.Name, What: what}}}
	}
	name := c.from.at("parts/" + p.Name)
	if r := c.to.wh.remote; r != nil {
		return r.push(c.source, name, c.to.key("parts/"+p.Name))
	}
	f, err := c.source.Open(name)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	to := c.to.at("parts/" + p.Name)
	temp := to + ".copying-" + strings.ToLower(randomText(8))
	if err = receive(c.target, temp, f, p); err == nil {
		err = c.target.Rename(temp, to)
	}
	if err != nil {
		_ = c.target.Remove(temp) // the first error says more
	}
	return err
}

// partSizes lists the parts of the table's home.
func (t *Table) partSizes(d *durable.Dir) (map[string]int64, error) {
	out := map[string]int64{}
	if r := t.wh.remote; r != nil {
		found, err := r.list(t, "parts/")
		for name, o := range found {
			out[name] = o.Size
		}
		return out, err
	}
	entries, err := d.ReadDir(t.at("parts"))
	for _, e := range entries {
		if st, err := e.Info(); err == nil {
			out[e.Name()] = st.Size()
		}
	}
	return out, err
}

// ranges copies the ranges of the snapshots that are kept.
func (c *copying) ranges() error {
	for _, m := range c.keep {
		if len(m.Parts) == 0 {
			continue
		}
		m, err := c.from.ranged(c.source, m)
		if err != nil {
			return err
		}
		r := c.to.wh.remote
		if r == nil {
			if err := c.to.saveRanges(c.target, m); err != nil {
				return err
			}
			continue
		}
		_, hash, err := c.from.manifest(m.Snapshot)
		if err != nil {
			return err
		}
		data, err := encodeRanges(m)
		if err != nil {
			return err
		}
		if err := r.store.Put(c.to.rangesKey(m.Snapshot, hash), bytes.NewReader(data), int64(len(data))); err != nil {
			return err
		}
	}
	return nil
}
