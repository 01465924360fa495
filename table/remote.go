package table

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strconv"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// remote is the object store that a warehouse stands on. Its objects have names like those of
// the files of a warehouse on disk, without views, which are links. The folder that such a
// warehouse is opened at is its mirror: an ordinary warehouse of the parts and manifests that
// commands needed here so far, which may be deleted at any time. Commands work in the
// mirror, and nothing has happened before the store has it:
//
//   - a lock of the mirror is followed by a lease of the store, and by a pull of the log;
//   - a part that the mirror lacks is fetched where it is opened;
//   - new parts are put into the store before the manifest that names them;
//   - the manifest is put there if none of its number is: this is the commit;
//   - checkpoints are put there too, so that an import goes on from another machine.
//
// The lease is manners. Who holds none and commits all the same breaks nothing.
type remote struct {
	w     *Warehouse
	store objects.Store
}

// key is the object of a name below the home of a table.
func (t *Table) key(name string) string { return homes + "/" + t.id + "/" + name }

// logKey is the object of a manifest. Its digits suffice for keys to come in the order of
// numbers.
func (t *Table) logKey(n int64) string { return t.key(fmt.Sprintf("log/%09d.json", n)) }

// logKeyNumber reads a manifest's number from what follows "log/" in its key.
func logKeyNumber(name string) (int64, bool) {
	digits, ok := strings.CutSuffix(name, ".json")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, ok && err == nil && n > 0 && fmt.Sprintf("%09d", n) == digits
}

// rangesKey is the object of the ranges of a snapshot's parts, one that only the manifest
// with that hash means: of several writers that tried the same number, one committed.
func (t *Table) rangesKey(number int64, hash string) string {
	return t.key(fmt.Sprintf("ranges/%06d-%s.json", number, hash[:16]))
}

// Place is where the warehouse stands: a URL, or an absolute folder.
func (w *Warehouse) Place() string {
	if w.remote != nil {
		return w.remote.store.URL("")
	}
	return w.path
}

// mirror is the warehouse's own folder, with a home for the table in it. What was deleted of
// it is made again.
func (r *remote) mirror(t *Table) (*durable.Dir, error) {
	d, err := r.w.made()
	if err != nil {
		return nil, err
	}
	if _, err = d.Lstat(homes); errors.Is(err, fs.ErrNotExist) {
		err = d.MkdirAll(homes, 0o755)
	}
	if errors.Is(err, fs.ErrNotExist) { // the folder that is open is none any more
		d, err = r.w.madeAgain(d)
	}
	if err != nil {
		return nil, err
	}
	for _, dir := range folders() {
		if _, err := d.Lstat(t.at(dir)); errors.Is(err, fs.ErrNotExist) {
			if err := d.MkdirAll(t.at(dir), 0o755); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// list returns the objects below a name of a table's home, by what follows that name.
func (r *remote) list(t *Table, below string) (map[string]objects.Object, error) {
	out := map[string]objects.Object{}
	prefix := t.key(below)
	for o, err := range r.store.List(prefix, "") {
		if err != nil {
			return nil, err
		}
		out[strings.TrimPrefix(o.Key, prefix)] = o
	}
	return out, nil
}

// clear deletes the objects below a name of a table's home, those excepted whose name keep
// accepts, and returns how many bytes they had.
func (r *remote) clear(t *Table, below string, keep func(name string) bool) (int64, error) {
	found, err := r.list(t, below)
	if err != nil {
		return 0, err
	}
	maps.DeleteFunc(found, func(name string, _ objects.Object) bool { return keep(name) })
	return r.remove(found)
}

// remove deletes what was listed, and returns how many bytes it had.
func (r *remote) remove(found map[string]objects.Object) (int64, error) {
	var keys []string
	var freed int64
	for _, o := range found {
		keys = append(keys, o.Key)
		freed += o.Size
	}
	if len(keys) == 0 {
		return 0, nil
	}
	return freed, r.store.Delete(keys...)
}

// nothing keeps nothing.
func nothing(string) bool { return false }
