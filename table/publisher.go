package table

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"slices"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// Publisher shows the snapshots of tables to readers who do not come by the tables' paths,
// such as those of a catalog. The manifest is the commit; what a Publisher shows follows it.
//
// Show and Hide run under the table's lock, after the manifest, and again after a crash: what
// is shown already is no work. They bound their own time. Somebody may do the same
// elsewhere at the same time, so what they change there must be changed in one step.
type Publisher interface {
	// Place names where a table is shown, by its manifest alone: other text is another place.
	// It holds no secret, and it must be pure. "" is where the table was shown last.
	Place(m Manifest) string
	// Show makes the snapshot of the manifest what readers see, and takes those earlier ones
	// away that are not kept, since files of theirs are removed next.
	Show(s Showing) error
	// Hide takes a deleted table away.
	Hide(s Showing) error
}

// Showing is what a Publisher is told of a table.
type Showing struct {
	Manifest Manifest
	Keep     []int64 // the snapshots that are kept, the manifest's among them
	Last     string  // the place where the table was shown last; "" when it never was, or nobody knows
	Home     string  // URL of the table's home; its parts are below "parts/"
}

// shownRecord is the record of what was published elsewhere last. It may be lost: the Publisher is
// asked again then.
type shownRecord struct {
	Place    string  `json:"place"`
	Snapshot int64   `json:"snapshot"`
	Keep     []int64 `json:"keep"`
}

const shownFile = "shown.json"

// publisher is who shows this table elsewhere; nil when nobody does.
func (t *Table) publisher(m Manifest) Publisher {
	if t.wh.o.Publisher == nil {
		return nil
	}
	return t.wh.o.Publisher(m.Address)
}

// showElsewhere shows the snapshot of m wherever else the table is shown. What the record says
// is shown already is believed, unless all shall be looked at.
func (t *Table) showElsewhere(d *durable.Dir, m Manifest, verify bool) error {
	p := t.publisher(m)
	if p == nil {
		return nil
	}
	kept, err := t.kept(m)
	if err != nil {
		return err
	}
	last := t.lastShown()
	want := shownRecord{Place: cmp.Or(p.Place(m), last.Place), Snapshot: m.Snapshot}
	for _, k := range kept {
		want.Keep = append(want.Keep, k.Snapshot)
	}
	if !verify && last.Place == want.Place && last.Snapshot == want.Snapshot && slices.Equal(last.Keep, want.Keep) {
		return nil
	}
	err = d.Step(StepShow, func() error {
		return p.Show(Showing{Manifest: m, Keep: want.Keep, Last: last.Place, Home: t.home()})
	})
	if err != nil {
		return &notShown{err}
	}
	return t.recordShown(d, want)
}

// notShown is an error of a Publisher's. Readers elsewhere wait then, and nobody else does.
type notShown struct{ error }

func (e *notShown) Unwrap() error { return e.error }

// catchUp is publish before a command's own work, which ends with publishing too: a
// Publisher that cannot be reached now is tried then.
func (t *Table) catchUp(d *durable.Dir) error {
	err := t.publish(d, false)
	if _, ok := errors.AsType[*notShown](err); ok {
		return nil
	}
	return err
}

// hideElsewhere takes a deleted table away from where else it was shown.
func (t *Table) hideElsewhere(d *durable.Dir, m Manifest) error {
	p := t.publisher(m)
	if p == nil {
		return nil
	}
	last := t.lastShown()
	if last.Place == "" {
		return nil
	}
	if err := p.Hide(Showing{Manifest: m, Last: last.Place, Home: t.home()}); err != nil {
		return err
	}
	return t.recordShown(d, shownRecord{})
}

// behind reports whether readers elsewhere do not see the snapshot of m yet, by the record.
func (t *Table) behind(m Manifest) bool {
	p := t.publisher(m)
	if p == nil {
		return false
	}
	last := t.lastShown()
	return last.Snapshot != m.Snapshot || last.Place != cmp.Or(p.Place(m), last.Place)
}

// lastShown is the record, empty when there is none that can be read.
func (t *Table) lastShown() shownRecord {
	var data []byte
	var s shownRecord
	var err error
	if r := t.wh.remote; r != nil {
		data, err = objects.Read(r.store, t.key(shownFile))
	} else if d, rerr := t.root(); rerr == nil {
		data, err = d.ReadFile(t.at(shownFile))
	}
	if err != nil || json.Unmarshal(data, &s) != nil {
		return shownRecord{}
	}
	return s
}

func (t *Table) recordShown(d *durable.Dir, s shownRecord) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if r := t.wh.remote; r != nil {
		return r.store.Put(t.key(shownFile), bytes.NewReader(data), int64(len(data)))
	}
	return d.Replace(t.at(shownFile), data, 0o644)
}

// home is the URL of the table's home, for other programs.
func (t *Table) home() string {
	if r := t.wh.remote; r != nil {
		return r.store.URL(homes + "/" + t.id)
	}
	u := url.URL{Scheme: "file", Path: t.wh.path + "/" + homes + "/" + t.id}
	return u.String()
}
