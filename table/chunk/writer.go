package chunk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/inlay-sync/inlay/stream"
)

// Writer writes one file. Every column is to be given the same rows before EndGroup; in
// which order columns are given theirs is free. It is not safe for several goroutines.
type Writer struct {
	out     io.Writer
	options Options
	at      int64 // bytes written
	columns []*column
	groups  []format.RowGroup
	bounds  [][]format.ColumnIndex // of each group
	places  [][]format.OffsetIndex
	rows    int64
}

const magic = "PAR1"

// New begins a file.
func New(out io.Writer, o Options) *Writer {
	w := &Writer{out: out, options: o}
	names := paths(o.Schema)
	for i := range o.Leaves {
		c := newColumn(&o.Leaves[i], names[i], o.Tools)
		if o.Dictionaries != nil {
			c.dict = o.Dictionaries.of[i]
		}
		w.columns = append(w.columns, c)
	}
	for _, i := range o.Filters {
		w.columns[i].filtered = true
	}
	return w
}

// Vector appends rows from to to of a vector with one entry a row, or entries from to to of
// one with several.
func (w *Writer) Vector(leaf int, v *stream.Vector, from, to int) error {
	c := w.columns[leaf]
	for from < to {
		end := min(from+stepRows, to)
		for v.MaxRep > 0 && end < to && v.Rep[end] != 0 {
			end++
		}
		c.vector(v, from, end)
		if err := c.full(); err != nil {
			return err
		}
		from = end
	}
	return nil
}

// Rows appends chosen rows of a vector with one entry a row.
func (w *Writer) Rows(leaf int, v *stream.Vector, rows []int32) error {
	c := w.columns[leaf]
	for from := 0; from < len(rows); from += stepRows {
		c.chosen(v, rows[from:min(from+stepRows, len(rows))])
		if err := c.full(); err != nil {
			return err
		}
	}
	return nil
}

// Waiting is about how many bytes the open group holds in memory.
func (w *Writer) Waiting() int64 {
	var n int64
	for _, c := range w.columns {
		n += c.waiting()
	}
	return n
}

// EndGroup writes the open group of rows to the file, if it has any.
func (w *Writer) EndGroup() error {
	rows := w.columns[0].rows()
	for _, c := range w.columns {
		if c.rows() != rows {
			return fmt.Errorf("the column %s has %d rows where there should be %d", strings.Join(c.leaf.Path, "."), c.rows(), rows)
		}
	}
	if rows == 0 {
		return nil
	}
	if err := w.header(); err != nil {
		return err
	}
	g := w.group(rows)
	for _, c := range w.columns {
		if err := c.endPage(); err != nil {
			return err
		}
		dictionary, size, err := c.dictionaryPage()
		if err != nil {
			return err
		}
		if err := w.chunk(g, c, dictionary, size); err != nil {
			return err
		}
		c.next()
	}
	w.options.Dictionaries.used(rows)
	return w.endGroup(g)
}

// group is a group of rows being written, and what is said of it at the end of the file.
type group struct {
	format.RowGroup
	bounds  []format.ColumnIndex
	places  []format.OffsetIndex
	filters map[int][]byte
}

func (w *Writer) group(rows int64) *group {
	return &group{RowGroup: format.RowGroup{NumRows: rows, FileOffset: w.at, Ordinal: int16(len(w.groups))}, filters: map[int][]byte{}}
}

// endGroup writes the filters of a group and notes it.
func (w *Writer) endGroup(g *group) error {
	for i := range g.Columns {
		m := &g.Columns[i].MetaData
		g.TotalByteSize += m.TotalUncompressedSize
		g.TotalCompressedSize += m.TotalCompressedSize
		if filter, ok := g.filters[i]; ok {
			from := w.at
			if err := w.write(filter); err != nil {
				return err
			}
			m.BloomFilterOffset, m.BloomFilterLength = from, int32(w.at-from)
		}
	}
	w.groups = append(w.groups, g.RowGroup)
	w.bounds, w.places = append(w.bounds, g.bounds), append(w.places, g.places)
	w.rows += g.NumRows
	return nil
}

// Close writes what is open and the end of the file.
func (w *Writer) Close() error {
	if err := w.EndGroup(); err != nil {
		return err
	}
	if err := w.header(); err != nil {
		return err
	}
	for i := range w.groups {
		for j := range w.groups[i].Columns {
			c := &w.groups[i].Columns[j]
			from := w.at
			if err := w.thrift(&w.bounds[i][j]); err != nil {
				return err
			}
			c.ColumnIndexOffset, c.ColumnIndexLength = from, int32(w.at-from)
		}
	}
	for i := range w.groups {
		for j := range w.groups[i].Columns {
			c := &w.groups[i].Columns[j]
			from := w.at
			if err := w.thrift(&w.places[i][j]); err != nil {
				return err
			}
			c.OffsetIndexOffset, c.OffsetIndexLength = from, int32(w.at-from)
		}
	}
	return w.footer()
}

func (w *Writer) footer() error {
	meta := format.FileMetaData{Version: 2, Schema: w.options.Schema, NumRows: w.rows, RowGroups: w.groups, CreatedBy: w.options.Creator}
	for range w.columns {
		meta.ColumnOrders = append(meta.ColumnOrders, format.ColumnOrder{TypeOrder: &format.TypeDefinedOrder{}})
	}
	from := w.at
	if err := w.thrift(&meta); err != nil {
		return err
	}
	return w.write(append(binary.LittleEndian.AppendUint32(nil, uint32(w.at-from)), magic...))
}

func (w *Writer) header() error {
	if w.at > 0 {
		return nil
	}
	return w.write([]byte(magic))
}

func (w *Writer) write(b []byte) error {
	n, err := w.out.Write(b)
	w.at += int64(n)
	return err
}

func (w *Writer) thrift(v any) error {
	b, err := appendThrift(nil, v)
	if err != nil {
		return err
	}
	return w.write(b)
}

func appendThrift(dst []byte, v any) ([]byte, error) {
	buf := bytes.NewBuffer(dst)
	var protocol thrift.CompactProtocol
	err := thrift.NewEncoder(protocol.NewWriter(buf)).Encode(v)
	return buf.Bytes(), err
}
