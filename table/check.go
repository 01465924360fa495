package table

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Check proves the table and names every damage: a gap or a break in the log, a part that
// is missing or has another size, checksum, schema or number of rows than its manifest says, a key
// that stands twice where it may not, and a snapshot that readers see wrongly. It reads all
// parts of all snapshots that are kept, takes no lock and writes nothing.
func (t *Table) Check(ctx context.Context) ([]Damage, error) {
	if err := t.pull(); err != nil {
		return nil, err
	}
	d, err := t.wh.root()
	if err != nil {
		return nil, err
	}
	damage, err := t.checkLog(d)
	if err != nil {
		return nil, err
	}
	head, _, err := t.head()
	if err != nil {
		var broken *ErrDamaged
		if errors.As(err, &broken) && len(damage) > 0 {
			return damage, nil
		}
		return damage, err
	}
	if head.Kind == KindDelete {
		return damage, nil
	}
	snapshots, err := t.kept(head)
	if err != nil {
		snapshots = []Manifest{head} // what is wrong with the log stands in damage already
	}
	checked := map[string]bool{}
	for _, m := range snapshots {
		if _, err := t.ranges(d, m.Snapshot); err != nil {
			damage = append(damage, Damage{File: rangesName(m.Snapshot), What: err.Error()})
		}
		for _, p := range m.Parts {
			if checked[p.Name] {
				continue
			}
			checked[p.Name] = true
			if err := ctx.Err(); err != nil {
				return damage, err
			}
			if what := t.checkPart(d, m, p); what != "" {
				damage = append(damage, Damage{File: "parts/" + p.Name, What: what})
			}
		}
	}
	if len(damage) == 0 {
		twice, err := t.checkKeys(ctx, d, head)
		if err != nil {
			return damage, err
		}
		damage = append(damage, twice...)
	}
	if t.wh.remote != nil {
		return damage, nil // there is no view
	}
	return append(damage, t.viewDamage(d, head)...), nil
}

// checkLog reads every manifest, and follows the chain of their hashes.
func (t *Table) checkLog(d *durable.Dir) ([]Damage, error) {
	numbers, err := t.logNumbers(d)
	var out []Damage
	if r := t.wh.remote; r != nil && err == nil {
		out, err = r.checkManifests(t, d, numbers)
	}
	if err != nil {
		return nil, err
	}
	want, parent := int64(1), ""
	for _, n := range numbers {
		for ; want < n; want++ {
			out = append(out, Damage{File: logName(want), What: "a gap in the log"})
			parent = "?"
		}
		want = n + 1
		m, hash, err := t.manifest(n)
		var broken *ErrDamaged
		switch {
		case errors.As(err, &broken):
			out = append(out, broken.Damage...)
			parent = "?"
			continue
		case err != nil:
			return out, err
		case parent != "?" && m.Parent != parent:
			out = append(out, Damage{File: logName(n), What: "it does not follow from the manifest before it"})
		}
		parent = hash
		if rows := sumRows(m.Parts); rows != m.Rows {
			out = append(out, Damage{File: logName(n), What: fmt.Sprintf("it counts %d rows, and its parts have %d", m.Rows, rows)})
		}
	}
	return out, nil
}

// logNumbers lists the numbers of the manifests, in order.
func (t *Table) logNumbers(d *durable.Dir) ([]int64, error) {
	if t.wh.remote != nil {
		return t.wh.remote.logNumbers(t)
	}
	var numbers []int64
	entries, err := d.ReadDir(t.at("log"))
	for _, e := range entries {
		if n, ok := logNumber(e.Name()); ok {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, err
}

func sumRows(parts []Part) int64 {
	var n int64
	for _, p := range parts {
		n += p.Rows
	}
	return n
}

// checkPart says what is wrong with a part, or "".
func (t *Table) checkPart(d *durable.Dir, m Manifest, p Part) string {
	if r := t.wh.remote; r != nil {
		if what := r.checkPart(t, d, p); what != "" {
			return what
		}
	}
	if what := t.wrongPart(d, p); what != "" {
		return what
	}
	part, err := openPart(d, t.at("parts/"+p.Name), true)
	if err != nil {
		return err.Error()
	}
	defer part.Close()
	if part.rows() != p.Rows {
		return fmt.Sprintf("the part has %d rows, and its manifest says %d", part.rows(), p.Rows)
	}
	if got, want := len(part.pq.Schema().Columns()), len(stream.NewRows(m.Columns).Leaves); got != want {
		return fmt.Sprintf("the part has %d columns, and its manifest says %d", got, want)
	}
	return ""
}

// wrongPart reads a part's file whole and says what is wrong with it, or "".
func (t *Table) wrongPart(d *durable.Dir, p Part) string {
	f, err := d.Open(t.at("parts/" + p.Name))
	if err != nil {
		return unopened(err)
	}
	defer f.Close()
	return wrongContent(f, p)
}

// unopened says why a part is not there to be read.
func unopened(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "the part is missing"
	}
	return "the part cannot be opened: " + err.Error()
}

// wrongContent reads a part whole and says how it differs from what was written, or "".
func wrongContent(body io.Reader, p Part) string {
	sum := sha256.New()
	n, err := io.Copy(sum, body)
	switch {
	case err != nil:
		return "the part cannot be read: " + err.Error()
	case n != p.Bytes:
		return fmt.Sprintf("the part has %d bytes, and its manifest says %d", n, p.Bytes)
	case hex.EncodeToString(sum.Sum(nil)) != p.SHA256:
		return "the part's content is not what was written: its checksum differs"
	}
	return ""
}

// onePerIdentity reports whether no two rows of the table may have one identity. A full
// read in append adds its rows whatever the table has, and they stay when the target reads
// another way from then on: until a commit that leaves one row of each key.
func (t *Table) onePerIdentity(head Manifest, l *layout) (bool, error) {
	for m := head; ; {
		before, err := newLayout(m.Spec)
		if err != nil {
			return false, err
		}
		switch appends := m.Spec.Mode() == spec.Append; {
		case appends && (!m.Spec.Incremental() || before.byVersion() && !l.byVersion()):
			return false, nil
		case !appends && (m.Kind == KindImport || m.Kind == KindRewrite && m.Spec.Mode() == spec.Upsert), m.Number == 1:
			return true, nil
		}
		if m, _, err = t.manifest(m.Number - 1); err != nil {
			return false, err
		}
	}
}

// checkKeys finds keys that stand twice in a table that has one row per key, and keys that
// a part's range leaves out, which a later run would not find there.
func (t *Table) checkKeys(ctx context.Context, d *durable.Dir, m Manifest) ([]Damage, error) {
	l, err := newLayout(m.Spec)
	if err != nil {
		return nil, err
	}
	if len(l.key) == 0 || m.Rows == 0 {
		return nil, nil
	}
	if once, err := t.onePerIdentity(m, l); err != nil || !once {
		return nil, err
	}
	if m, err = t.ranged(d, m); err != nil {
		return nil, err
	}
	seeds := newSeeds()
	passes := uint64(m.Rows/passRows) + 1
	for pass := range passes {
		index := newKeyIndex(m.Rows / int64(passes))
		for _, in := range t.inputs(m) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			var found []Damage
			err := in.identities(d, l, func(row int64, identity []byte, version int64) error {
				h := hashKey(seeds, identity)
				if h[1]%passes != pass {
					return nil
				}
				s := index.find(h)
				switch {
				case len(found) > 0:
				case !s.empty():
					found = append(found, Damage{File: "parts/" + in.part.Name, What: fmt.Sprintf("the key %q stands more than once in the table", identity)})
				case in.part.Key.lacks(identity[:len(identity)-l.versionBytes()]):
					found = append(found, Damage{File: rangesName(m.Snapshot), What: "it leaves out a key of the part " + in.part.Name})
				}
				if s.empty() {
					index.put(h, row, version)
				}
				return nil
			})
			_ = in.close() // only read
			if err != nil || len(found) > 0 {
				return found, err
			}
		}
	}
	return nil, nil
}

// Snapshots lists the manifests whose snapshots are still there, the newest first, but for
// those that only their last readers still have: nothing leads back to them.
func (t *Table) Snapshots() ([]Manifest, error) {
	head, _, err := t.head()
	if err != nil {
		return nil, err
	}
	all, err := t.kept(head)
	return slices.DeleteFunc(all, func(m Manifest) bool { return m.Snapshot < head.Floor }), err
}
