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
		case errors.Is(err, fs.ErrNotExist):
			if _, whole := unseal(data); whole {
				return r.keep(d, t.at(logName(n)), data)
			}
			return nil // reading it says what is wrong
		case err != nil:
			return err
		case !bytes.Equal(data, have):
			mu.Lock()
			out = append(out, Damage{File: logName(n), What: "its content is not what was written"})
			mu.Unlock()
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Damage) int { return strings.Compare(a.File, b.File) })
	return out, err
}

// checkPart reads a part from the store and says what is wrong with it, or "". Then the
// mirror has it too.
func (r *remote) checkPart(t *Table, d *durable.Dir, p Part) string {
	if st, err := d.Lstat(t.at("parts/" + p.Name)); err != nil || st.Size() != p.Bytes {
		switch err := t.bring(d, p); {
		case errors.Is(err, fs.ErrNotExist):
			return "the part is missing"
		case err != nil:
			return err.Error()
		}
		return ""
	}
	body, _, err := r.store.Get(t.key("parts/" + p.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return "the part is missing"
	}
	if err != nil {
		return "the part cannot be opened: " + err.Error()
	}
	defer body.Close() // only read
	return wrongContent(body, p)
}
