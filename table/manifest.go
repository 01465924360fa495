package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Format is the number of the manifest's format. A binary refuses a higher one.
const Format = 1

// A manifest file is one JSON object on one line. Its last member, "sum", is the SHA-256 of
// all bytes before the comma in front of it, so that damage is told from intent without
// another file.
const (
	sumStart = `,"sum":"`
	sumEnd   = "\"}\n"
	sumBytes = len(sumStart) + 2*sha256.Size + len(sumEnd)
)

func encodeManifest(m Manifest) ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	body = body[:len(body)-1]
	sum := sha256.Sum256(body)
	return fmt.Appendf(body, "%s%x%s", sumStart, sum, sumEnd), nil
}

func decodeManifest(data []byte) (Manifest, error) {
	var m Manifest
	cut := len(data) - sumBytes
	if cut < 1 {
		return m, errors.New("it is not a whole manifest")
	}
	var format struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &format); err == nil && format.Format > Format {
		return m, fmt.Errorf("its format is %d, and this version of inlay knows formats up to %d: use a newer inlay", format.Format, Format)
	}
	sum := sha256.Sum256(data[:cut])
	if !bytes.Equal(data[cut:], fmt.Appendf(nil, "%s%x%s", sumStart, sum, sumEnd)) {
		return m, errors.New("its content is not what was written")
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("it is not a manifest: %w", err)
	}
	return m, nil
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func logName(n int64) string { return fmt.Sprintf("log/%06d.json", n) }

// logNumber reads a manifest's number from its file name.
func logNumber(name string) (int64, bool) {
	base, ok := strings.CutSuffix(name, ".json")
	if !ok || len(base) < 6 {
		return 0, false
	}
	n, err := strconv.ParseInt(base, 10, 64)
	return n, err == nil && n > 0 && logName(n) == "log/"+name
}

// Manifest returns the manifest of one commit.
func (t *Table) Manifest(n int64) (Manifest, error) {
	m, _, err := t.manifest(n)
	return m, err
}

func (t *Table) manifest(n int64) (Manifest, string, error) {
	d, err := t.wh.root()
	if err != nil {
		return Manifest{}, "", err
	}
	data, err := d.ReadFile(t.at(logName(n)))
	if err != nil {
		return Manifest{}, "", err
	}
	m, err := decodeManifest(data)
	if err == nil && (m.Number != n || m.Table != t.id) {
		err = fmt.Errorf("it is commit %d of table %s", m.Number, m.Table)
	}
	if err != nil {
		return m, "", &ErrDamaged{Path: t.id, Damage: []Damage{{File: logName(n), What: err.Error()}}}
	}
	return m, hashOf(data), nil
}

// head is the highest manifest: the hint says where to look, and the next number is
// looked for, as whoever wrote it may have stopped before moving the hint.
func (t *Table) head() (Manifest, string, error) {
	d, err := t.wh.root()
	if err != nil {
		return Manifest{}, "", err
	}
	n, err := t.headNumber()
	if err != nil {
		return Manifest{}, "", err
	}
	for {
		if _, err := d.Lstat(t.at(logName(n + 1))); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return Manifest{}, "", err
		}
		n++
	}
	if n == 0 {
		return Manifest{}, "", ErrNoTable
	}
	return t.manifest(n)
}

// headNumber is a number at or before the head: the hint's, or by the folder's names
// where the hint is of no use.
func (t *Table) headNumber() (int64, error) {
	d, err := t.wh.root()
	if err != nil {
		return 0, err
	}
	if hint, err := d.Readlink(t.at("head")); err == nil {
		if n, ok := logNumber(strings.TrimPrefix(hint, "log/")); ok {
			if _, err := d.Lstat(t.at(logName(n))); err == nil {
				return n, nil
			}
		}
	}
	entries, err := d.ReadDir(t.at("log"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, ErrNoTable
	}
	if err != nil {
		return 0, err
	}
	var high int64
	for _, e := range entries {
		if n, ok := logNumber(e.Name()); ok {
			high = max(high, n)
		}
	}
	return high, nil
}

// commitManifest makes m the next commit after the manifest with hash parent, or says who
// was first. This is the commit: before it nothing has happened, after it everything has.
func (t *Table) commitManifest(m Manifest, parent string) (Manifest, string, error) {
	d, err := t.wh.root()
	if err != nil {
		return m, "", err
	}
	m.Format, m.Table, m.Parent, m.Committed = Format, t.id, parent, t.wh.now().UTC()
	m.Rows, m.Bytes = 0, 0
	for _, p := range m.Parts {
		m.Rows += p.Rows
		m.Bytes += p.Bytes
	}
	data, err := encodeManifest(m)
	if err != nil {
		return m, "", err
	}
	err = d.Step(StepManifest, func() error { return d.CreateNew(t.at(logName(m.Number)), data, 0o444) })
	if errors.Is(err, fs.ErrExist) {
		head, _, herr := t.head()
		if herr != nil {
			return m, "", herr
		}
		return m, "", &ErrSuperseded{Path: m.Path, Began: m.Number - 1, Head: head.Number}
	}
	if err != nil {
		return m, "", err
	}
	return m, hashOf(data), nil
}

// hint moves the head hint. It is only a hint: it may be lost.
func (t *Table) hint(d *durable.Dir, n int64) error {
	temp := t.at(fmt.Sprintf(".tmp-head-%06d", n))
	if err := d.Symlink(logName(n), temp); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.Rename(temp, t.at("head"))
}
