package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// upserts changes one row in a hundred of a table, the latest rows or rows from
// everywhere, and lets DuckDB do the same to its file: read both, drop what is replaced,
// write all.
func (b *bench) upserts() error {
	r, err := b.prepare("contacts", "data", cmp.Or(b.options.large, b.options.contacts))
	if err != nil {
		return err
	}
	sh, err := shapeOf("contacts")
	if err != nil {
		return err
	}
	idle, err := b.idle()
	if err != nil {
		return err
	}
	base := filepath.Join(b.dir, "base")
	if err := b.child("write", r.stream, r.file, base, "upsert", "1").Run(); err != nil {
		return fmt.Errorf("making the table: %w", err)
	}
	whole := filepath.Join(b.dir, "whole.parquet")
	if _, _, err := b.sql(2, fmt.Sprintf("COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION zstd)", fromJSON(sh, r.file), whole)); err != nil {
		return err
	}
	for _, kind := range []struct {
		name string
		take func(row int) bool
		goal float64
	}{
		{"recent", func(row int) bool { return row >= r.n-r.n/100 }, 5},
		{"random", func(row int) bool { return row%100 == row/100%100 }, 1.3},
	} {
		changed := filepath.Join(b.dir, kind.name+".ndjson")
		n, err := edited(r.file, changed, kind.take)
		if err != nil {
			return err
		}
		merged := filepath.Join(b.dir, kind.name+".parquet")
		batch := fromJSON(sh, changed)
		rewrite := fmt.Sprintf("COPY (SELECT * FROM read_parquet('%s') WHERE id NOT IN (SELECT id FROM (%s)) UNION ALL (%s)) TO '%s' (FORMAT parquet, COMPRESSION zstd)",
			whole, batch, batch, merged)
		into := filepath.Join(b.dir, "changed")
		m, err := b.contest(n, []contender{
			{"inlay, " + kind.name + " keys", func() (cost, error) { return b.upserted(base, into, r.stream, changed) }},
			{"DuckDB, 1 thread, " + kind.name, b.ducked(1, idle, rewrite)},
			{"DuckDB, 2 threads, " + kind.name, b.ducked(2, idle, rewrite)},
		})
		if err != nil {
			return err
		}
		b.atLeast("1 % upserted, "+kind.name+" keys, beside DuckDB with 1 thread, CPU",
			m["DuckDB, 1 thread, "+kind.name].cpu()/m["inlay, "+kind.name+" keys"].cpu(), kind.goal)
		if err := b.noRowDiffers("no row differs: upsert of "+kind.name+" keys",
			fromParquet(sh, filepath.Join(into, "bench/rows/**/*.parquet")), fromParquet(sh, merged)); err != nil {
			return err
		}
	}
	return nil
}

// upserted puts changed rows into a copy of a table.
func (b *bench) upserted(base, into, stream, changed string) (cost, error) {
	if err := os.RemoveAll(into); err != nil {
		return cost{}, err
	}
	if _, err := output(b.ctx, "cp", "-a", base, into); err != nil {
		return cost{}, err
	}
	return spent(b.child("write", stream, changed, into, "upsert", "1"))
}

var updated = regexp.MustCompile(`"updated_at":(\d+)`)

// edited writes the lines that are taken, an hour younger and with another name.
func edited(from, to string, take func(row int) bool) (n int, err error) {
	in, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	f, err := os.Create(to)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriter(f)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for row := 0; lines.Scan(); row++ {
		if !take(row) {
			continue
		}
		n++
		line := updated.ReplaceAllFunc(lines.Bytes(), func(m []byte) []byte {
			at, _ := strconv.ParseInt(string(m[bytes.IndexByte(m, ':')+1:]), 10, 64) // digits only
			return fmt.Appendf(nil, `"updated_at":%d`, at+3600)
		})
		out.Write(bytes.Replace(line, []byte(`"name":"`), []byte(`"name":"New `), 1)) // the buffer keeps its first error for Flush
		out.WriteByte('\n')
	}
	if err := lines.Err(); err != nil {
		return n, err
	}
	if err := out.Flush(); err != nil {
		return n, err
	}
	return n, f.Close()
}
