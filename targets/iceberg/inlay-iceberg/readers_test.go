package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/array"
	icetable "github.com/apache/iceberg-go/table"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/table"
)

// holds fails the test unless every reader of the Iceberg table gets the rows that the parts
// of the table's newest manifest hold, and its snapshot says that it is that manifest's.
func (h *house) holds(t *icetable.Table) {
	h.t.Helper()
	m, dir := h.head()
	if s := t.CurrentSnapshot(); s == nil || s.Summary.Properties["inlay.snapshot"] != strconv.FormatInt(m.Snapshot, 10) {
		h.t.Fatalf("the current snapshot is not of manifest %d: %v", m.Snapshot, s)
	} else if at := s.Summary.Properties; at["inlay.manifest"] == strconv.FormatInt(m.Number, 10) && at["inlay.bookmark"] != string(m.Bookmark) {
		h.t.Errorf("the snapshot has the bookmark %q, and its manifest %q", at["inlay.bookmark"], m.Bookmark)
	}
	engine := h.duck()
	var names []string
	for _, p := range partNames(m) {
		names = append(names, duckdb.Quote(filepath.Join(dir, p)))
	}
	parts := "read_parquet([" + strings.Join(names, ", ") + "], hive_partitioning = false)"
	if files := h.files(t); !slices.Equal(files, partNames(m)) {
		h.t.Fatalf("the snapshot has the files %v, and the manifest %d parts", files, len(m.Parts))
	}
	const columns = "{id: 'VARCHAR', email: 'VARCHAR', name: 'VARCHAR', created: 'BIGINT', tags: 'BIGINT'}"
	for _, read := range []func(*icetable.Table) string{h.byIcebergGo, h.byIcebird} {
		engine.Same("SELECT * FROM read_json("+duckdb.Quote(read(t))+", format = 'newline_delimited', columns = "+columns+")",
			"SELECT id, email, name, epoch_ms(created_at) created, coalesce(tags_count, 0) tags FROM "+parts)
	}
}

func partNames(m table.Manifest) []string {
	var out []string
	for _, p := range m.Parts {
		out = append(out, p.Name)
	}
	slices.Sort(out)
	return out
}

// files are the names of the current snapshot's data files.
func (h *house) files(t *icetable.Table) []string {
	h.t.Helper()
	tasks, err := t.Scan().PlanFiles(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, task := range tasks {
		out = append(out, path.Base(task.File.FilePath()))
	}
	slices.Sort(out)
	return out
}

// byIcebergGo writes a few columns of all rows to a file, as iceberg-go reads them.
func (h *house) byIcebergGo(t *icetable.Table) string {
	h.t.Helper()
	_, batches, err := t.Scan().ToArrowRecords(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return h.file(func(out *json.Encoder) {
		for b, err := range batches {
			if err != nil {
				h.t.Fatal(err)
			}
			at := func(name string) int { return b.Schema().FieldIndices(name)[0] }
			id, email, name := b.Column(at("id")).(*array.String), b.Column(at("email")).(*array.String), b.Column(at("name")).(*array.String)
			created, tags := b.Column(at("created_at")).(*array.Timestamp), b.Column(at("tags_count")).(*array.Int64)
			for i := range int(b.NumRows()) {
				row := map[string]any{"id": id.Value(i), "email": nil, "name": nil, "created": int64(created.Value(i)) / 1000, "tags": tags.Value(i)}
				if email.IsValid(i) {
					row["email"] = email.Value(i)
				}
				if name.IsValid(i) {
					row["name"] = name.Value(i)
				}
				if err := out.Encode(row); err != nil {
					h.t.Fatal(err)
				}
			}
		}
	})
}

// byIcebird writes the same columns of all rows, as icebird reads them.
func (h *house) byIcebird(t *icetable.Table) string {
	h.t.Helper()
	if _, err := os.Stat("../icebird/node_modules/icebird"); err != nil {
		if os.Getenv("INLAY_NO_SKIP") != "" {
			h.t.Fatalf("icebird must be there and is not (%v): run `make icebird`", err)
		}
		h.t.Skip("icebird is not installed, so nothing independent reads the tables: run `make icebird`")
	}
	out, err := exec.Command("node", "../icebird/read.mjs", t.MetadataLocation(), h.s3.Endpoint).Output()
	if err != nil {
		h.t.Fatalf("icebird cannot read %s: %v", t.MetadataLocation(), err)
	}
	return h.file(func(e *json.Encoder) {
		for line := range strings.Lines(string(out)) {
			if err := e.Encode(json.RawMessage(strings.TrimSpace(line))); err != nil {
				h.t.Fatal(err)
			}
		}
	})
}

func (h *house) file(write func(*json.Encoder)) string {
	h.t.Helper()
	f, err := os.CreateTemp(h.t.TempDir(), "rows-*.json")
	if err != nil {
		h.t.Fatal(err)
	}
	write(json.NewEncoder(f))
	if err := f.Close(); err != nil {
		h.t.Fatal(err)
	}
	return f.Name()
}
