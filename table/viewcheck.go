package table

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
)

// viewWhole reports whether every part of m stands in the view that the link shows.
func (t *Table) viewWhole(d *durable.Dir, m Manifest) bool {
	return len(t.viewDamage(d, m)) == 0
}

// viewDamage compares the view that the link shows with the manifest.
func (t *Table) viewDamage(d *durable.Dir, m Manifest) []Damage {
	inner, err := t.innerView(d, m)
	if err != nil {
		return []Damage{{What: "the snapshot's folder is not there: " + err.Error()}}
	}
	var out []Damage
	want := map[string]int64{}
	for _, p := range m.Parts {
		want[path.Join(p.Partition, p.Name)] = p.Bytes
	}
	err = fs.WalkDir(d.FS(), inner, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel := strings.TrimPrefix(name, inner+"/")
		size, ok := want[rel]
		delete(want, rel)
		if !ok && (len(m.Parts) > 0 || path.Base(rel) != "empty.parquet") {
			out = append(out, Damage{File: rel, What: "a file in the snapshot's folder that belongs to no part"})
			return nil
		}
		if st, err := e.Info(); err != nil || ok && st.Size() != size {
			out = append(out, Damage{File: rel, What: "the snapshot shows another file than the part"})
		}
		return nil
	})
	if err != nil {
		out = append(out, Damage{What: "the snapshot's folder cannot be read: " + err.Error()})
	}
	for _, p := range m.Parts {
		if _, missing := want[path.Join(p.Partition, p.Name)]; missing {
			out = append(out, Damage{File: path.Join(p.Partition, p.Name), What: "the snapshot lacks this part"})
		}
	}
	return out
}

// innerView is the folder named for the snapshot, below the view that the link shows.
func (t *Table) innerView(d *durable.Dir, m Manifest) (string, error) {
	target, err := d.Readlink(m.Path)
	if err != nil {
		return "", err
	}
	id, name, ok := viewOf(target)
	if !ok || id != t.id {
		return "", fmt.Errorf("%s leads to %s", m.Path, target)
	}
	entries, err := d.ReadDir(t.at("views/" + name))
	if err != nil {
		return "", err
	}
	if len(entries) != 1 || !entries[0].IsDir() {
		return "", fmt.Errorf("the view %s does not hold one folder", name)
	}
	return t.at("views/" + name + "/" + entries[0].Name()), nil
}

// Path is the absolute folder of the current snapshot, links resolved: what is read there
// stays whole for as long as the snapshot is retained. "" when nothing is published.
func (t *Table) Path() string {
	d, err := t.wh.root()
	if err != nil {
		return ""
	}
	m, _, err := t.head()
	if err != nil {
		return ""
	}
	inner, err := t.innerView(d, m)
	if err != nil {
		return ""
	}
	return path.Join(d.Path(), inner)
}
