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
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Format is the number of the manifest's format. A binary refuses a higher one.
const Format = 1

// A manifest file is three lines of JSON: the commit, its columns and what its spec has in
// common with others, and the SHA-256 of both lines, so that damage is told from intent
// without another file. The second line is most of the bytes and the same in most manifests: a reader of
// many decodes each text once.
const (
	sumStart = `{"sum":"`
	sumEnd   = "\"}\n"
	sumBytes = len(sumStart) + 2*sha256.Size + len(sumEnd)
)

// commitLine is the first line.
type commitLine struct {
	Manifest
	Spec    ownSpec   `json:"spec"`
	Columns *struct{} `json:"columns,omitempty"` // none: they are in the second line
}

type ownSpec struct {
	Target setting.Values `json:"target"`
}

// sharedLine is the second line.
type sharedLine struct {
	Columns []stream.Column `json:"columns"`
	Spec    spec.Spec       `json:"spec"`
}

func encodeManifest(m Manifest) ([]byte, error) {
	shared, own := m.Spec.Split()
	second, err := json.Marshal(sharedLine{m.Columns, shared})
	if err != nil {
		return nil, err
	}
	m.Parts = withoutRanges(m.Parts)
	out, err := json.Marshal(commitLine{Manifest: m, Spec: ownSpec{own}})
	if err != nil {
		return nil, err
	}
	return seal(append(append(append(out, '\n'), second...), '\n')), nil
}

// seal ends lines with the SHA-256 of them.
func seal(lines []byte) []byte {
	sum := sha256.Sum256(lines)
	return fmt.Appendf(lines, "%s%x%s", sumStart, sum, sumEnd)
}

// unseal takes the sum off again; false when it does not hold.
func unseal(data []byte) (lines []byte, ok bool) {
	cut := len(data) - sumBytes
	if cut < 1 {
		return nil, false
	}
	sum := sha256.Sum256(data[:cut])
	return data[:cut], bytes.Equal(data[cut:], fmt.Appendf(nil, "%s%x%s", sumStart, sum, sumEnd))
}

// sharedMemo remembers decoded second lines by their text; nil remembers nothing.
type sharedMemo map[string]sharedLine

func (memo sharedMemo) decode(line []byte) (sharedLine, error) {
	if s, ok := memo[string(line)]; ok {
		return s, nil
	}
	var s sharedLine
	err := json.Unmarshal(line, &s)
	if err == nil && memo != nil {
		memo[string(line)] = s
	}
	return s, err
}

func decodeManifest(data []byte, memo sharedMemo) (Manifest, error) {
	var m Manifest
	if n, ok := formatOf(data); ok && n > Format {
		return m, fmt.Errorf("its format is %d, and this version of inlay knows formats up to %d: use a newer inlay", n, Format)
	}
	lines, ok := unseal(data)
	switch {
	case lines == nil:
		return m, errors.New("it is not a whole manifest")
	case !ok:
		return m, errors.New("its content is not what was written")
	}
	first, second, _ := bytes.Cut(lines, []byte("\n"))
	var line commitLine
	if err := json.Unmarshal(first, &line); err != nil {
		return line.Manifest, fmt.Errorf("it is not a manifest: %w", err)
	}
	m = line.Manifest
	shared, err := memo.decode(bytes.TrimSuffix(second, []byte("\n")))
	if err != nil {
		return m, fmt.Errorf("it is not a manifest: %w", err)
	}
	m.Columns, m.Spec = shared.Columns, shared.Spec.Join(line.Spec.Target)
	return m, nil
}

// formatOf reads the format's number from the beginning of a manifest, which later formats
// keep.
func formatOf(data []byte) (int, bool) {
	rest, ok := bytes.CutPrefix(data, []byte(`{"format":`))
	if !ok {
		return 0, false
	}
	digits := rest[:min(len(rest), 9)]
	if i := bytes.IndexAny(digits, ",}"); i >= 0 {
		digits = digits[:i]
	}
	n, err := strconv.Atoi(string(digits))
	return n, err == nil
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

// logFile is a manifest's file, below the nearest folder that is open.
func (t *Table) logFile(n int64) (*durable.Dir, string, error) {
	if t.log != nil {
		return t.log, strings.TrimPrefix(logName(n), "log/"), nil
	}
	d, err := t.root()
	return d, t.at(logName(n)), err
}

func (t *Table) manifest(n int64) (Manifest, string, error) {
	d, name, err := t.logFile(n)
	if err != nil {
		return Manifest{}, "", err
	}
	data, err := d.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && t.wh.remote != nil {
		data, err = t.wh.remote.fetchManifest(t, d, n)
	}
	if err != nil {
		return Manifest{}, "", err
	}
	m, err := decodeManifest(data, t.memo)
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
	d, err := t.root()
	if err != nil {
		return Manifest{}, "", err
	}
	n, err := t.headNumber()
	if err != nil {
		return Manifest{}, "", err
	}
	for {
		d, name, err := t.logFile(n + 1)
		if err != nil {
			return Manifest{}, "", err
		}
		if _, err := d.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return Manifest{}, "", err
		}
		n++
	}
	if n == 0 {
		return Manifest{}, "", ErrNoTable
	}
	m, hash, err := t.manifest(n)
	if errors.Is(err, fs.ErrNotExist) { // the hint outlived what it hints at
		if n, err = t.highest(d); err == nil && n > 0 {
			return t.manifest(n)
		}
	}
	return m, hash, err
}

// headNumber is a number at or before the head: the hint's, or by the folder's names
// where the hint is of no use.
func (t *Table) headNumber() (int64, error) {
	d, err := t.root()
	if err != nil {
		return 0, err
	}
	if hint, err := d.Readlink(t.at("head")); err == nil {
		if n, ok := logNumber(strings.TrimPrefix(hint, "log/")); ok {
			return n, nil
		}
	}
	return t.highest(d)
}

// highest is the highest number in the log, by the folder's names.
func (t *Table) highest(d *durable.Dir) (int64, error) {
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
	d, err := t.root()
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
	err = d.Step(StepManifest, func() error {
		if t.wh.remote != nil {
			return t.wh.remote.commit(t, d, m, data)
		}
		if m.Snapshot == m.Number {
			if err := t.saveRanges(d, m); err != nil {
				return err
			}
		}
		return d.CreateNew(t.at(logName(m.Number)), data, 0o444)
	})
	if errors.Is(err, fs.ErrExist) {
		if err := t.pull(); err != nil {
			return m, "", err
		}
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

// Head is the table's newest manifest, published or not.
func (t *Table) Head() (Manifest, error) {
	if err := t.pull(); err != nil {
		return Manifest{}, err
	}
	m, _, err := t.head()
	return m, err
}
