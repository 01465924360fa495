package table

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
)

// home is a table's home held open to be read.
type home struct {
	*Table
	top durable.Folder
}

// openHome opens the home of a table, all being the folder of homes; fs.ErrNotExist where
// its creation never came to a commit.
func (t *Table) openHome(all durable.Folder) (home, error) {
	top, err := all.Sub(t.id)
	return home{t, top}, err
}

func (h home) close() error { return h.top.Close() }

// inHome runs do with the table's home open. ErrNoTable when it has none.
func (t *Table) inHome(do func(home) error) error {
	d, err := t.root()
	if err != nil {
		return err
	}
	all, err := d.Folder(homes)
	if err == nil {
		defer all.Close()
		var h home
		if h, err = t.openHome(all); err == nil {
			return errors.Join(do(h), h.close())
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNoTable
	}
	return err
}

// head is the manifest with the highest number: the hint says where to look, and the next
// number is looked for, as whoever wrote it may have stopped before moving the hint.
func (h home) head(read func(int64) (Manifest, error)) (Manifest, error) {
	n, err := h.newest()
	if err != nil {
		return Manifest{}, err
	}
	m, err := read(n)
	if errors.Is(err, fs.ErrNotExist) { // the hint outlived what it hints at
		if n, err := h.highest(); err == nil && n > 0 {
			return read(n)
		}
	}
	return m, err
}

// newest is the number of the head; ErrNoTable when there is no manifest.
func (h home) newest() (int64, error) {
	n, err := h.hinted()
	if err != nil {
		return 0, err
	}
	for {
		_, err := h.top.Lstat(logName(n + 1))
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return 0, err
		}
		n++
	}
	if n == 0 {
		return 0, ErrNoTable
	}
	return n, nil
}

// hinted is a number at or before the head: the hint's, or by the log's names where the hint
// is of no use.
func (h home) hinted() (int64, error) {
	if hint, err := h.top.Readlink("head"); err == nil {
		if n, ok := logNumber(strings.TrimPrefix(hint, "log/")); ok {
			return n, nil
		}
	}
	return h.highest()
}

// highest is the highest number in the log, by its names; 0 for none.
func (h home) highest() (int64, error) {
	names, err := namesIn(h.top, "log")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var high int64
	for _, name := range names {
		if n, ok := logNumber(name); ok {
			high = max(high, n)
		}
	}
	return high, nil
}

// head is the table's newest manifest and its hash.
func (t *Table) head() (m Manifest, hash string, err error) {
	err = t.inHome(func(h home) error {
		m, err = h.head(func(n int64) (m Manifest, err error) {
			m, hash, err = t.manifest(n)
			return m, err
		})
		return err
	})
	return m, hash, err
}

// headNumber is a number at or before the head.
func (t *Table) headNumber() (n int64, err error) {
	err = t.inHome(func(h home) error {
		n, err = h.hinted()
		return err
	})
	return n, err
}

// hint moves the head hint. It is only a hint: it may be lost.
func (t *Table) hint(d *durable.Dir, n int64) error {
	temp := t.at(fmt.Sprintf(".tmp-head-%06d", n))
	if err := d.Symlink(logName(n), temp); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.Rename(temp, t.at("head"))
}

// Head is the table's newest manifest, published or not.
func (t *Table) Head() (Manifest, error) {
	if err := t.pull(); err != nil {
		return Manifest{}, err
	}
	m, _, err := t.head()
	return m, err
}
