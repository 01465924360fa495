package table

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
)

// A table's path is a symbolic link ../.inlay/ID/views/NAME. NAME is the number of the
// manifest whose parts it shows, with a letter behind it when it was built again. Below it
// stands one folder named for the snapshot, so that a path found through the link before a
// commit cannot be read after it.

// viewOf takes a link's text apart: the table's id and the view's name.
func viewOf(target string) (id, name string, ok bool) {
	rest, ok := strings.CutPrefix(target, "../"+homes+"/")
	if !ok {
		return "", "", false
	}
	id, rest, _ = strings.Cut(rest, "/")
	name, ok = strings.CutPrefix(rest, "views/")
	return id, name, ok && validID(id) && name != "" && !strings.Contains(name, "/")
}

func viewNumber(n int64) string { return fmt.Sprintf("%06d", n) }

// shows reports whether a view's name is one of snapshot n.
func shows(name string, n int64) bool {
	base, _, _ := strings.Cut(name, "-")
	return base == viewNumber(n)
}

// published reports whether readers see the snapshot of m, by looking at the link alone.
func (t *Table) published(d *durable.Dir, m Manifest) bool {
	target, err := d.Readlink(m.Path)
	if err != nil {
		return false
	}
	id, name, ok := viewOf(target)
	if !ok || id != t.id || !shows(name, m.Snapshot) {
		return false
	}
	_, err = d.Stat(t.at("views/" + name))
	return err == nil
}

// Publish shows readers the highest snapshot, finishing what a crash left, and builds a
// damaged view anew. It takes the table's lock.
func (t *Table) Publish() error {
	lock, d, err := t.lock("publishing")
	if err != nil {
		return err
	}
	err = t.publish(d, true)
	return errors.Join(err, lock.Release())
}

// publish is Publish under the lock. With verify, the view's files are looked at too.
func (t *Table) publish(d *durable.Dir, verify bool) error {
	m, _, err := t.head()
	if err != nil {
		return err
	}
	if m.Kind == KindDelete {
		return t.unpublish(d, m)
	}
	if t.wh.remote == nil { // readers of a store ask for the parts of the head
		if err := t.publishView(d, m, verify); err != nil {
			return err
		}
	}
	if err := t.showElsewhere(d, m, verify); err != nil {
		return err
	}
	if m.Imported != "" { // what a committed run had staged is of no use any more
		if err := t.dropStaging(d, runFolder(m.Imported)); err != nil {
			return err
		}
	}
	return t.hint(d, m.Number)
}

// publishView leads readers to the view of m, which it builds if need be.
func (t *Table) publishView(d *durable.Dir, m Manifest, verify bool) error {
	if err := t.free(d, m.Path); err != nil {
		return err
	}
	if !t.published(d, m) || verify && !t.viewWhole(d, m) {
		if err := t.show(d, m); err != nil {
			return err
		}
	}
	return t.leaveOldPath(d, m)
}

// free refuses a path at which something stands that is not this table's link. On a store
// it claims the path for the table's next commit.
func (t *Table) free(d *durable.Dir, name string) error {
	if t.wh.remote != nil {
		return t.wh.remote.claimNext(t, name)
	}
	st, err := d.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if st.Mode()&fs.ModeSymlink == 0 {
		return &ErrPathTaken{Path: name, What: kindOf(st) + " that inlay did not make"}
	}
	target, err := d.Readlink(name)
	if err != nil {
		return err
	}
	if id, _, ok := viewOf(target); !ok || id != t.id {
		what := "a link that inlay did not make"
		if ok {
			what = "the table " + id
		}
		return &ErrPathTaken{Path: name, What: what}
	}
	return nil
}

func kindOf(st fs.FileInfo) string {
	switch {
	case st.IsDir():
		return "a folder"
	case st.Mode()&fs.ModeSymlink != 0:
		return "a link"
	}
	return "a file"
}

// show builds the view of m and swaps the link to it.
func (t *Table) show(d *durable.Dir, m Manifest) error {
	name, err := t.freshView(d, m)
	if err != nil {
		return err
	}
	if err := d.Step(StepView, func() error { return t.buildView(d, m, name) }); err != nil {
		return err
	}
	return d.Step(StepSwap, func() error {
		if err := d.MkdirAll(path.Dir(m.Path), 0o755); err != nil {
			return err
		}
		return d.Swap("../"+t.at("views/"+name), m.Path)
	})
}

// freshView is a name for a new view of m, under which nothing stands. An unfinished view
// that no link leads to is removed for it.
func (t *Table) freshView(d *durable.Dir, m Manifest) (string, error) {
	target, err := d.Readlink(m.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	_, current, _ := viewOf(target)
	name := viewNumber(m.Snapshot)
	if current == name || strings.HasPrefix(current, name+"-") {
		name += "-" + randomText(4)
	}
	return name, d.RemoveAll(t.at("views/" + name))
}

// buildView lays the parts of m out for readers, as hard links, and syncs every folder.
func (t *Table) buildView(d *durable.Dir, m Manifest, name string) error {
	if err := d.MkdirAll(t.at("views"), 0o755); err != nil {
		return err
	}
	top := t.at("views/" + name)
	inner := top + "/" + viewNumber(m.Snapshot) + "-" + strings.ToLower(randomText(4))
	for _, dir := range []string{top, inner} {
		if err := d.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	folders := map[string]bool{}
	for _, p := range m.Parts {
		if err := t.viewFolder(d, inner, p.Partition, folders); err != nil {
			return err
		}
		if err := d.Link(t.at("parts/"+p.Name), path.Join(inner, p.Partition, p.Name)); err != nil {
			return fmt.Errorf("the part %s cannot be shown: %w", p.Name, err)
		}
	}
	if len(m.Parts) == 0 {
		if err := t.emptyPart(d, m, inner, folders); err != nil {
			return err
		}
	}
	for f := range folders {
		if err := settle(d, path.Join(inner, f)); err != nil {
			return err
		}
	}
	if err := settle(d, inner); err != nil {
		return err
	}
	for _, dir := range []string{top, t.at("views")} {
		if err := d.SyncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// backdated is how long before the link to a view its folders say that they were last
// changed. A clock that is set back by less, or that is coarse, hides no change from a look.
const backdated = time.Minute

// settle syncs a folder that is as it shall stay. A file system that keeps no such times
// costs a look more and is no failure.
func settle(d *durable.Dir, name string) error {
	_ = d.Backdate(name, backdated)
	return d.SyncDir(name)
}

func (t *Table) viewFolder(d *durable.Dir, inner, partition string, made map[string]bool) error {
	if partition == "" || made[partition] {
		return nil
	}
	made[partition] = true
	return d.Mkdir(path.Join(inner, partition), 0o755)
}

// emptyPart writes a part without rows, so that readers of an empty table see its columns.
func (t *Table) emptyPart(d *durable.Dir, m Manifest, inner string, folders map[string]bool) error {
	l, err := newLayout(m.Spec)
	if err != nil {
		return err
	}
	partition := l.part.null()
	if err := t.viewFolder(d, inner, partition, folders); err != nil {
		return err
	}
	_, err = createPart(d, path.Join(inner, partition, "empty.parquet"), l, nil).finish()
	return err
}

// leaveOldPath removes the link at the path from which the table moved.
func (t *Table) leaveOldPath(d *durable.Dir, m Manifest) error {
	if m.Number < 2 {
		return nil
	}
	before, _, err := t.manifest(m.Number - 1)
	if err != nil || before.Path == m.Path {
		return nil // a damaged older manifest is what check reports; it must not stop readers
	}
	return t.removeLink(d, before.Path)
}

// removeLink removes this table's link at a path, if it stands there.
func (t *Table) removeLink(d *durable.Dir, name string) error {
	target, err := d.Readlink(name)
	if err != nil {
		return nil // nothing, or nothing of ours
	}
	if id, _, ok := viewOf(target); !ok || id != t.id {
		return nil
	}
	if err := d.Remove(name); err != nil {
		return err
	}
	return d.SyncDir(path.Dir(name))
}
