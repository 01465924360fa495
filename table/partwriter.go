package table

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/gzip"
	"github.com/parquet-go/parquet-go/compress/snappy"
	"github.com/parquet-go/parquet-go/compress/uncompressed"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table/chunk"
)

// Bounds of what a writer holds in memory.
const (
	rowGroupBytes  = 24 << 20
	valuesPerWrite = 256 // rows handed to a column at a time
)

func codec(name string) compress.Codec {
	switch name {
	case "snappy":
		return &snappy.Codec{}
	case "gzip":
		return &gzip.Codec{Level: gzip.DefaultCompression}
	case "none":
		return &uncompressed.Codec{}
	}
	return &quickZstd{}
}

// partWriter writes one part. Its file is there from the first group of rows on. It is not
// safe for several goroutines.
type partWriter struct {
	l     *layout
	dir   *durable.Dir
	name  string
	file  *durable.File // nil: nothing is written yet
	sum   hash.Hash
	bytes int64
	w     *chunk.Writer
	tally tally
	group int64 // rows of the open row group
	start []int32
}

// createPart begins a part in a file that is not there yet. Without dictionaries, no column
// has one.
func createPart(dir *durable.Dir, name string, l *layout, d *chunk.Dictionaries) *partWriter {
	p := &partWriter{l: l, dir: dir, name: name, sum: sha256.New()}
	p.w = chunk.New(writerFunc(p.write), chunk.Options{
		Schema: l.schema, Leaves: l.leaves, Tools: l.tools, Dictionaries: d, Filters: l.key, Creator: "inlay",
	})
	return p
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func (p *partWriter) write(b []byte) (int, error) {
	if p.file == nil {
		var err error
		if p.file, err = p.dir.Create(p.name, 0o444); err != nil {
			return 0, err
		}
	}
	n, err := p.file.Write(b)
	p.sum.Write(b[:n]) // a hash never fails
	p.bytes += int64(n)
	return n, err
}

// rows appends chosen rows of a batch, or all of them when chosen is nil. The vectors
// stand in the order of the layout's leaves.
func (p *partWriter) rows(leaves []*stream.Vector, n int, chosen []int32) error {
	for i, v := range leaves {
		if err := p.leaf(i, v, n, chosen); err != nil {
			return err
		}
	}
	added := n
	if chosen != nil {
		added = len(chosen)
	}
	return p.wrote(leaves, n, chosen, added)
}

func (p *partWriter) leaf(i int, v *stream.Vector, n int, chosen []int32) error {
	switch {
	case chosen == nil:
		return p.w.Vector(i, v, 0, v.Len())
	case v.MaxRep == 0:
		return p.w.Rows(i, v, chosen)
	}
	p.start = rowStarts(v, n, p.start)
	for _, row := range chosen {
		if err := p.w.Vector(i, v, int(p.start[row]), int(p.start[row+1])); err != nil {
			return err
		}
	}
	return nil
}

// wrote counts rows, notes their ranges, and ends the row group when it is large.
func (p *partWriter) wrote(leaves []*stream.Vector, n int, chosen []int32, added int) error {
	p.tally.note(p.l, leaves, n, chosen)
	return p.grew(int64(added))
}

// grew accounts for rows whose values stand in the columns already.
func (p *partWriter) grew(rows int64) error {
	p.tally.rows += rows
	p.group += rows
	if p.group >= rowGroupRows || p.w.Waiting() >= rowGroupBytes {
		return p.endGroup()
	}
	return nil
}

func (p *partWriter) endGroup() error {
	p.group = 0
	return p.w.EndGroup()
}

// finish ends the part, puts it on the disk, and proves that it can be read back: its
// footer and the number of its rows. The returned Part has no name and no partition yet.
func (p *partWriter) finish() (Part, error) {
	if err := p.w.Close(); err != nil {
		p.abandon()
		return Part{}, err
	}
	if err := p.file.Sync(); err != nil {
		return Part{}, errors.Join(err, p.file.Close())
	}
	back, err := parquet.OpenFile(p.file, p.bytes, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err == nil && back.NumRows() != p.tally.rows {
		err = fmt.Errorf("%d rows were written and %d came back", p.tally.rows, back.NumRows())
	}
	if cerr := p.file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return Part{}, fmt.Errorf("a part cannot be read back: %w", err)
	}
	return Part{
		Bytes: p.bytes, Rows: p.tally.rows, SHA256: hex.EncodeToString(p.sum.Sum(nil)),
		Key: p.tally.key.bounded(), Cursor: p.tally.cursor.bounded(), Time: p.tally.time.bounded(),
	}, nil
}

// abandon closes the file of a part that will not be finished.
func (p *partWriter) abandon() {
	if p.file != nil {
		_ = p.file.Close() // what it holds is discarded
	}
}
