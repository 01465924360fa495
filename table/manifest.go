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

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Format is the number of the manifest's format. A binary refuses a higher one.
const Format = 1

// A manifest file is three lines of JSON: the commit, its columns and its spec, and the SHA-256 of both lines, so that damage is told from intent
// without another file. The second line is most of the bytes and the same in most manifests: a reader of
// many decodes each text once.
const (
	sumStart = `{"sum":"`
	sumEnd   = "\"}\n"
	sumBytes = len(sumStart) + 2*sha256.Size + len(sumEnd)
)

// sharedLine is the second line.
type sharedLine struct {
	Columns []stream.Column `json:"columns"`
	Spec    spec.Spec       `json:"spec"`
}

func encodeManifest(m Manifest) ([]byte, error) {
	second, err := json.Marshal(sharedLine{m.Columns, m.Spec})
	if err != nil {
		return nil, err
	}
	m.Parts = withoutRanges(m.Parts)
	out, err := json.Marshal(commitLine{Manifest: m})
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
	end := append(make([]byte, 0, sumBytes), sumStart...)
	end = append(hex.AppendEncode(end, sum[:]), sumEnd...)
	return data[:cut], bytes.Equal(data[cut:], end)
}

// readings are what many manifests are read with: the second lines that were decoded, by their text, and
// room for a first line.
type readings struct {
	shared map[string]sharedLine
	first  commitLine
}

func (r *readings) second(text []byte) (sharedLine, error) {
	if s, ok := r.shared[string(text)]; ok {
		return s, nil
	}
	var s sharedLine
	err := json.Unmarshal(text, &s)
	if err == nil && r.shared != nil {
		r.shared[string(text)] = s
	}
	return s, err
}

// decodeManifest reads a manifest. r may be nil.
func decodeManifest(data []byte, r *readings) (Manifest, error) {
	if r == nil {
		r = &readings{}
	}
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
	if err := decodeLine(first, &r.first); err != nil {
		return r.first.Manifest, fmt.Errorf("it is not a manifest: %w", err)
	}
	m = r.first.Manifest
	shared, err := r.second(bytes.TrimSuffix(second, []byte("\n")))
	if err != nil {
		return m, fmt.Errorf("it is not a manifest: %w", err)
	}
	m.Columns, m.Spec = shared.Columns, shared.Spec
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

// logData is a manifest as it is written.
func (t *Table) logData(n int64) ([]byte, error) {
	d, err := t.root()
	if err != nil {
		return nil, err
	}
	data, err := d.ReadFile(t.at(logName(n)))
	if errors.Is(err, fs.ErrNotExist) && t.wh.remote != nil {
		data, err = t.wh.remote.fetchManifest(t, d, n)
	}
	return data, err
}

func (t *Table) manifest(n int64) (Manifest, string, error) {
	data, err := t.logData(n)
	if err != nil {
		return Manifest{}, "", err
	}
	m, err := t.decode(n, data, nil)
	return m, hashOf(data), err
}

// decode reads what should be the manifest of one commit of the table.
func (t *Table) decode(n int64, data []byte, r *readings) (Manifest, error) {
	m, err := decodeManifest(data, r)
	if err == nil && (m.Number != n || m.Table != t.id) {
		err = fmt.Errorf("it is commit %d of table %s", m.Number, m.Table)
	}
	if err != nil {
		err = &ErrDamaged{Path: t.id, Damage: []Damage{{File: logName(n), What: err.Error()}}}
	}
	return m, err
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
