package table

import (
	"slices"
	"strconv"
	"strings"
)

// sweep removes from the store the parts and ranges that no kept snapshot needs, and
// returns the bytes it freed. Objects with a number above the head's stay: a writer may be
// about to commit them. Those of a number that is committed, and that no kept manifest names,
// nobody can commit any more. So it does no harm on a machine that has lost its lease.
func (r *remote) sweep(t *Table, head Manifest, keep []Manifest) (int64, error) {
	needed := map[string]bool{}
	for _, m := range keep {
		for _, p := range m.Parts {
			needed["parts/"+p.Name] = true
		}
		_, hash, err := t.manifest(m.Snapshot)
		if err != nil {
			return 0, err
		}
		needed[strings.TrimPrefix(t.rangesKey(m.Snapshot, hash), t.key(""))] = true
	}
	var freed int64
	for _, dir := range []string{"parts/", "ranges/"} {
		n, err := r.clear(t, dir, func(name string) bool {
			return needed[dir+name] || numberOf(name) > head.Number
		})
		freed += n
		if err != nil {
			return freed, err
		}
	}
	return freed, nil
}

// numberOf is the number of the commit for which a part or an object of ranges was made.
func numberOf(name string) int64 {
	digits, _, _ := strings.Cut(name, "-")
	n, _ := strconv.ParseInt(digits, 10, 64) // a name that is none is the oldest
	return n
}

// empty removes everything of a deleted table but its log.
func (r *remote) empty(t *Table) error {
	for _, dir := range []string{"staging/", "parts/", "ranges/"} {
		if _, err := r.clear(t, dir, nothing); err != nil {
			return err
		}
	}
	return nil
}

// bytesBelow adds up the objects below a name of the home; what cannot be listed counts
// nothing.
func (r *remote) bytesBelow(t *Table, dir string) int64 {
	var sum int64
	for o, err := range r.store.List(t.key(dir+"/"), "") {
		if err == nil {
			sum += o.Size
		}
	}
	return sum
}

// unkept says why a snapshot cannot be gone back to: it must be one that every sweep on
// every machine keeps for as long as the head is the head.
func (r *remote) unkept(t *Table, head, m Manifest) (string, error) {
	retained, err := t.snapshots(head, 0)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(retained, func(k Manifest) bool { return k.Snapshot == m.Snapshot }) {
		return "", nil
	}
	return "retain says how many are", nil
}
