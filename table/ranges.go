package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
)

// A manifest stays for ever, and the smallest and largest key of a part can name a person.
// So the ranges of a snapshot's parts stand in a file beside its manifest, which goes when
// the snapshot goes. A part that it does not name has open ranges: to lose the file costs
// time and nothing else.

// rangesEnd ends the names of these files in the log.
const rangesEnd = ".ranges"

func rangesName(snapshot int64) string { return fmt.Sprintf("log/%06d%s", snapshot, rangesEnd) }

// partRanges are the ranges of one part. They are kept by the part's name, which is never
// used twice: whoever wrote them, they are right.
type partRanges struct {
	Key    Range `json:"key,omitzero"`
	Cursor Range `json:"cursor,omitzero"`
	Time   Range `json:"time,omitzero"`
}

// withoutRanges are parts as a manifest names them.
func withoutRanges(parts []Part) []Part {
	out := slices.Clone(parts)
	for i := range out {
		out[i].Key, out[i].Cursor, out[i].Time = Range{}, Range{}, Range{}
	}
	return out
}

// saveRanges writes the ranges of a snapshot that is about to be committed.
func (t *Table) saveRanges(d *durable.Dir, m Manifest) error {
	if len(m.Parts) == 0 {
		return nil
	}
	data, err := encodeRanges(m)
	if err != nil {
		return err
	}
	return d.Replace(t.at(rangesName(m.Snapshot)), data, 0o644)
}

func encodeRanges(m Manifest) ([]byte, error) {
	all := make(map[string]partRanges, len(m.Parts))
	for _, p := range m.Parts {
		all[p.Name] = partRanges{p.Key, p.Cursor, p.Time}
	}
	data, err := json.Marshal(all)
	return seal(append(data, '\n')), err
}

// ranged is a manifest with the ranges of its parts, as far as they are known.
func (t *Table) ranged(d *durable.Dir, m Manifest) (Manifest, error) {
	if len(m.Parts) == 0 {
		return m, nil
	}
	all, err := t.ranges(d, m.Snapshot)
	if err != nil && !errors.Is(err, errRanges) {
		return m, err
	}
	m.Parts = slices.Clone(m.Parts)
	for i := range m.Parts {
		p := &m.Parts[i]
		r := all[p.Name]
		p.Key, p.Cursor, p.Time = r.Key, r.Cursor, r.Time
	}
	return m, nil
}

// errRanges says that a file of ranges is not what was written.
var errRanges = errors.New("its content is not what was written")

// ranges reads a snapshot's ranges by the names of parts; none when the file is not there.
func (t *Table) ranges(d *durable.Dir, snapshot int64) (map[string]partRanges, error) {
	data, err := d.ReadFile(t.at(rangesName(snapshot)))
	if errors.Is(err, fs.ErrNotExist) && t.wh.remote != nil {
		data, err = t.wh.remote.fetchRanges(t, d, snapshot)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body, ok := unseal(data)
	var all map[string]partRanges
	if !ok || json.Unmarshal(body, &all) != nil {
		return nil, errRanges
	}
	return all, nil
}

// sweepRanges removes the ranges of all snapshots but those of the manifests given.
func (t *Table) sweepRanges(d *durable.Dir, keep []Manifest) error {
	entries, err := d.ReadDir(t.at("log"))
	if err != nil {
		return err
	}
	gone := false
	for _, e := range entries {
		kept := !strings.HasSuffix(e.Name(), rangesEnd) ||
			slices.ContainsFunc(keep, func(m Manifest) bool { return rangesName(m.Snapshot) == "log/"+e.Name() })
		if kept {
			continue
		}
		if err := d.Remove(t.at("log/" + e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		gone = true
	}
	if !gone {
		return nil
	}
	return d.SyncDir(t.at("log"))
}
