package table

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// logNumbers lists the numbers of the manifests that the store has, in order.
func (r *remote) logNumbers(t *Table) ([]int64, error) {
	found, err := r.list(t, "log/")
	var out []int64
	for name := range found {
		if n, ok := logKeyNumber(name); ok {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, err
}

// checkManifests compares the manifests of the store with those that the mirror has of them,
// which are read in its place from then on.
func (r *remote) checkManifests(t *Table, d *durable.Dir, numbers []int64) ([]Damage, error) {
	var mu sync.Mutex
	var out []Damage
	err := atOnce(numbers, func(n int64) error {
		data, err := objects.Read(r.store, t.logKey(n))
		if err != nil {
			return err
		}
		have, err := d.ReadFile(t.at(logName(n)))
		switch {
		case errors.Is(err, fs.ErrNotExist) && torn(data):
			return nil // reading it says what is wrong
		case errors.Is(err, fs.ErrNotExist):
			return r.keep(d, t.at(logName(n)), data)
		case err != nil:
			return err
		case bytes.Equal(data, have):
		case torn(have):
			return d.Replace(t.at(logName(n)), data, 0o444)
		default:
			mu.Lock()
			out = append(out, Damage{File: logName(n), What: "its content is not what was written"})
			mu.Unlock()
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Damage) int { return strings.Compare(a.File, b.File) })
	return out, err
}

// torn reports that a manifest or a file of ranges is not what was written.
func torn(data []byte) bool {
	_, whole := unseal(data)
	return !whole
}

// checkPart reads a part from the store and says what is wrong with it, or "". Then the
// mirror has it as it is in the store: a damaged copy is no damage of the table.
func (r *remote) checkPart(t *Table, d *durable.Dir, p Part) string {
	if t.wrongPart(d, p) == "" {
		body, _, err := r.store.Get(t.key("parts/" + p.Name))
		if err != nil {
			return unopened(err)
		}
		defer body.Close() // only read
		return wrongContent(body, p)
	}
	err := d.Remove(t.at("parts/" + p.Name))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		err = t.bring(d, p)
	}
	if err != nil {
		return unopened(err)
	}
	return ""
}
