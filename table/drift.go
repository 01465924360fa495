package table

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
)

// drift compares what stands on disk with the head manifest, by names and sizes alone: one
// look at the folder of parts and one at the snapshot that readers see. Damage is what is
// wrong with parts, which only a new read of the source mends; Drift is what is wrong with
// the snapshot's folder alone, which publishing mends; Pending is a snapshot that readers
// do not see at all. A table that is committed to meanwhile is not judged.
func (g *glance) drift(h home, s *SeenTable) {
	whole, damage, err := h.wholeParts(s.Head)
	var shown []string
	if err == nil {
		s.Pending, shown, err = g.shownFiles(h, s.Head, whole)
	}
	if len(damage)+len(shown) == 0 && err == nil {
		return
	}
	if n, herr := h.newest(); herr != nil || n != s.Head.Number {
		return
	}
	if err != nil {
		shown = append(shown, "the table's folder cannot be read: "+err.Error())
	}
	s.Damage, s.Drift = damage, shown
}

// wholeParts are the names of m's parts that stand there in their size, and what is wrong
// with the others.
func (h home) wholeParts(m Manifest) (whole map[string]bool, damage []string, err error) {
	if len(m.Parts) == 0 {
		return nil, nil, nil
	}
	whole = make(map[string]bool, len(m.Parts))
	for _, p := range m.Parts {
		size, err := sizeIn(h.top, "parts/"+p.Name)
		if err != nil {
			return nil, nil, err
		}
		if wrong := p.wrongSize(size); wrong != "" {
			damage = append(damage, wrong)
		} else {
			whole[p.Name] = true
		}
	}
	return whole, damage, nil
}

// wrongSize says what is wrong with a part that has so many bytes (-1: it is not there), or "".
func (p Part) wrongSize(size int64) string {
	switch size {
	case p.Bytes:
		return ""
	case -1:
		return fmt.Sprintf("the part %s is missing (%d rows)", p.Name, p.Rows)
	}
	return fmt.Sprintf("the part %s has %d bytes and was written with %d", p.Name, size, p.Bytes)
}

// sizeIn is the size of a file in a folder, and -1 when there is no such file.
func sizeIn(f durable.Folder, name string) (int64, error) {
	st, err := f.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	return st.Size, err
}

// sizeOf is -1 for what is not there, or no more.
func sizeOf(st fs.FileInfo, err error) (int64, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

// shownFiles says whether readers see the snapshot, and how its folder differs from the parts of m, as far as these
// are whole themselves. The folder is read only when it was touched since it was
// settled: of many tables that are as they should be, that is most of the cost.
func (g *glance) shownFiles(h home, m Manifest, whole map[string]bool) (pending bool, strange []string, err error) {
	db, link, err := g.at(m.Path)
	if err != nil {
		return true, nil, nil
	}
	target, err := db.Readlink(link)
	if err != nil {
		return true, nil, nil
	}
	id, name, ok := viewOf(target)
	if !ok || id != h.id || !shows(name, m.Snapshot) {
		return true, nil, nil
	}
	g.ours[m.Path] = true
	view, err := h.top.Sub("views/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil, nil
	}
	if err != nil {
		return false, nil, err
	}
	defer view.Close()
	made, err := db.Lstat(link)
	if err != nil {
		return false, nil, err
	}
	names, err := view.Names()
	if err != nil {
		return false, nil, err
	}
	if len(names) != 1 {
		return false, besides(names, m), nil
	}
	inner, err := view.Lstat(names[0])
	if err != nil {
		return false, nil, err
	}
	if !inner.Dir {
		return false, besides(nil, m), nil
	}
	since := made.Modified.Add(-backdated / 2)
	if inner.Modified.Before(since) && untouched(view, names[0], m, since) {
		return false, nil, nil
	}
	strange, err = g.compareFiles(h.at("views/"+name+"/"+names[0]), m, whole)
	return false, strange, err
}

// namesIn lists the names in a folder in f.
func namesIn(f durable.Folder, name string) ([]string, error) {
	sub, err := f.Sub(name)
	if err != nil {
		return nil, err
	}
	defer sub.Close()
	return sub.Names()
}

// besides says of a snapshot's folder, in which one folder named for the snapshot should
// stand, what is there instead.
func besides(names []string, m Manifest) []string {
	var out []string
	shown := false
	for _, name := range names {
		if !shown && path.Ext(name) == "" && shows(name, m.Snapshot) {
			shown = true
			continue
		}
		out = append(out, fmt.Sprintf("readers see %s, which does not belong there", name))
	}
	if !shown {
		out = append(out, "readers see nothing of the snapshot")
	}
	return out
}

// untouched reports that no file came into the partitions' folders of a snapshot, or went,
// since a time.
func untouched(view durable.Folder, name string, m Manifest, since time.Time) bool {
	if !slices.ContainsFunc(m.Parts, func(p Part) bool { return p.Partition != "" }) {
		return true
	}
	inner, err := view.Sub(name)
	if err != nil {
		return false
	}
	defer inner.Close()
	last := ""
	for _, p := range m.Parts {
		if p.Partition == last {
			continue
		}
		last = p.Partition
		if st, err := inner.Lstat(p.Partition); err != nil || !st.Modified.Before(since) {
			return false
		}
	}
	return true
}

func (g *glance) compareFiles(at string, m Manifest, whole map[string]bool) ([]string, error) {
	inner, err := g.d.Sub(at)
	if err != nil {
		return nil, err
	}
	defer inner.Close()
	want := make(map[string]Part, len(m.Parts))
	for _, p := range m.Parts {
		want[path.Join(p.Partition, p.Name)] = p
	}
	out, err := filesBelow(inner, want, whole)
	if err != nil {
		return nil, err
	}
	for _, p := range m.Parts {
		if _, unseen := want[path.Join(p.Partition, p.Name)]; unseen && whole[p.Name] {
			out = append(out, fmt.Sprintf("readers do not see the part %s (%d rows)", path.Join(p.Partition, p.Name), p.Rows))
		}
	}
	return out, nil
}

// filesBelow walks a snapshot's folder, takes what stands there as it should out of want,
// and says what else there is.
func filesBelow(inner *durable.Dir, want map[string]Part, whole map[string]bool) (strange []string, err error) {
	empty := len(want) == 0
	err = fs.WalkDir(inner.FS(), ".", func(rel string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		size, err := sizeOf(e.Info())
		if err != nil {
			return err
		}
		p, ours := want[rel]
		delete(want, rel)
		if ours && (p.Bytes == size || !whole[p.Name]) || empty && path.Base(rel) == "empty.parquet" {
			return nil
		}
		strange = append(strange, fmt.Sprintf("readers see %s, which inlay did not write", rel))
		return nil
	})
	return strange, err
}
