package table

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Copied is what a copy put into the other warehouse; what stood there already is not counted.
type Copied struct {
	Head    Manifest
	Commits int
	Parts   int
	Bytes   int64 // of the parts
}

// CopyTo makes the table stand in another warehouse too: under its id and path, with its
// whole log and the parts of all snapshots that are kept. What unfinished runs have staged is
// not copied. It holds the table's lock; a copy that was stopped, or that is behind, is gone
// on with by copying again. Errors: *ErrPathTaken where another table stands at the path,
// *ErrDiverged where this one was committed to since it was copied.
func (t *Table) CopyTo(ctx context.Context, w *Warehouse) (Copied, error) {
	lock, d, err := t.lock("copy to " + w.Place())
	if err != nil {
		return Copied{}, err
	}
	c := &copying{ctx: ctx, from: t, source: d, to: &Table{wh: w, id: t.id}}
	err = errors.Join(c.run(), lock.Release())
	return c.done, err
}

// copying is one copy under way.
type copying struct {
	ctx            context.Context
	from, to       *Table
	source, target *durable.Dir
	keep           []Manifest // whose snapshots are copied, the head first
	done           Copied
}

func (c *copying) run() error {
	head, _, err := c.from.living(c.source)
	if err != nil {
		return err
	}
	c.done.Head = head
	if c.keep, err = c.from.kept(head); err != nil {
		return err
	}
	if err := c.to.makeHome(); err != nil {
		return err
	}
	lock, d, err := c.to.lock("copy from " + c.from.wh.Place())
	if err != nil {
		return err
	}
	c.target = d
	return errors.Join(c.locked(), lock.Release())
}

// locked copies parts before the manifests that name them, and the head last of all.
func (c *copying) locked() error {
	head := c.done.Head.Number
	missing, err := c.missing()
	if err != nil {
		return err
	}
	if err := c.to.reserve(c.target, c.done.Head); err != nil {
		return err
	}
	if err := c.parts(); err != nil {
		return err
	}
	if err := c.ranges(); err != nil {
		return err
	}
	before := slices.DeleteFunc(slices.Clone(missing), func(n int64) bool { return n == head })
	if err := atOnce(before, c.manifest); err != nil {
		return err
	}
	if err := c.manifest(head); err != nil {
		return err
	}
	c.done.Commits = len(missing)
	if err := c.to.pull(); err != nil {
		return err
	}
	return c.to.publish(c.target, true)
}

// missing lists the commits that the other warehouse lacks. What it has must be this table's.
func (c *copying) missing() ([]int64, error) {
	head := c.done.Head.Number
	there, err := c.to.logNumbers(c.target)
	if err != nil {
		return nil, err
	}
	if n := len(there); n > 0 {
		if there[n-1] > head {
			return nil, c.diverged(there[n-1])
		}
		if err := c.sameThere(there[n-1]); err != nil {
			return nil, err
		}
	}
	var out []int64
	for n := int64(1); n <= head; n++ {
		if !slices.Contains(there, n) {
			out = append(out, n)
		}
	}
	return out, nil
}

func (c *copying) diverged(there int64) error {
	return &ErrDiverged{Path: c.done.Head.Path, Place: c.to.wh.Place(), There: there}
}

// sameThere checks that a commit of the other warehouse is this table's. As each names the
// one before by its hash, those before it are too.
func (c *copying) sameThere(n int64) error {
	_, ours, err := c.from.manifest(n)
	if err != nil {
		return err
	}
	_, theirs, err := c.to.manifest(n)
	if err == nil && ours != theirs {
		err = c.diverged(n)
	}
	return err
}

// manifest copies one commit as it is written.
func (c *copying) manifest(n int64) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	data, err := c.from.logData(n)
	if err != nil {
		return err
	}
	if r := c.to.wh.remote; r != nil {
		if err = r.store.PutNew(c.to.logKey(n), data); err == nil {
			r.reached(c.to, n)
		}
	} else {
		err = c.target.CreateNew(c.to.at(logName(n)), data, 0o444)
	}
	if errors.Is(err, fs.ErrExist) {
		return c.sameThere(n)
	}
	return err
}

// reserve makes sure that the table may stand at its path when the head is there.
func (t *Table) reserve(d *durable.Dir, head Manifest) error {
	if r := t.wh.remote; r != nil {
		return r.claim(head.Path, claim{t.id, head.Number, head.Lineage, head.Address})
	}
	id, err := t.wh.idAt(head.Path)
	if err != nil {
		return err
	}
	if id != "" && id != t.id {
		return &ErrPathTaken{Path: head.Path, What: "the table " + id}
	}
	return t.free(d, head.Path)
}
