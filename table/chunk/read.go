package chunk

import (
	"errors"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"

	"github.com/inlay-sync/inlay/stream"
)

// Range is rows of a group, To excluded.
type Range struct{ From, To int64 }

// Read is what was read of one leaf of a group.
type Read struct {
	Pieces []Piece // in order
	held   []parquet.Page
	words  *words
	of     parquet.Dictionary
}

// Release gives the memory of all pieces back. None of them, nor a text of one, may be used
// after it.
func (r *Read) Release() {
	for _, page := range r.held {
		parquet.Release(page)
	}
	*r = Read{}
}

// Read reads ranges of rows, which stand in order, of one leaf. The vector says of which
// kind the leaf is and how it is nested; its entries are not looked at. Pages without a row
// of the ranges are not read, where the file has an index of them. What is damaged in such
// a way that the library sees it is an error or a panic of the library.
func (s Source) Read(leaf int, v *stream.Vector, ranges ...Range) (r *Read, err error) {
	r = &Read{}
	defer func() {
		if err != nil {
			r.Release()
		}
	}()
	columns := s.File.RowGroups()[s.Group].ColumnChunks()
	pages := columns[leaf].Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	index, err := columns[leaf].OffsetIndex()
	if err != nil && !errors.Is(err, parquet.ErrMissingOffsetIndex) {
		return r, err
	}
	at := int64(0) // the first row of the page to be read
	for len(ranges) > 0 {
		if from := pageOf(index, ranges[0].From); from > at {
			if err := pages.SeekToRow(from); err != nil {
				return r, err
			}
			at = from
		}
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return r, io.ErrUnexpectedEOF
		}
		if err != nil {
			return r, err
		}
		all, err := r.piece(page, v)
		if err != nil {
			parquet.Release(page)
			return r, err
		}
		ranges = r.take(page, all, at, ranges)
		at += int64(all.Rows())
	}
	return r, nil
}

// pageOf is the first row of the page that a row stands in; 0 where no index tells.
func pageOf(index parquet.OffsetIndex, row int64) int64 {
	if index == nil || index.NumPages() == 0 {
		return 0
	}
	lo, hi := 0, index.NumPages()
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; index.FirstRowIndex(mid) <= row {
			lo = mid
		} else {
			hi = mid
		}
	}
	return index.FirstRowIndex(lo)
}

// take cuts the page's rows that ranges begin with, and is what is left of the ranges.
func (r *Read) take(page parquet.Page, all Piece, at int64, ranges []Range) []Range {
	end, used := at+int64(all.Rows()), false
	for len(ranges) > 0 && ranges[0].From < end {
		next := ranges[0]
		r.Pieces = append(r.Pieces, all.Cut(int(next.From-at), int(min(next.To, end)-at)))
		used = true
		if next.To > end {
			ranges = append([]Range{{end, next.To}}, ranges[1:]...)
			break
		}
		ranges = ranges[1:]
	}
	if used {
		r.held = append(r.held, page)
	} else {
		parquet.Release(page)
	}
	return ranges
}

// piece is all rows of a page.
func (r *Read) piece(from parquet.Page, v *stream.Vector) (Piece, error) {
	p := &page{leaf: v, store: storeOf(v.Kind), def: from.DefinitionLevels(), rep: from.RepetitionLevels()}
	if from.NumNulls() == from.NumValues() {
		return p.whole()
	}
	data := from.Data()
	dictionary := from.Dictionary()
	switch {
	case dictionary != nil && data.Kind() == encoding.Int32:
		if dictionary != r.of {
			r.of, r.words = dictionary, &words{}
			if err := r.words.fill(dictionary.Page().Data(), p.store); err != nil {
				return Piece{}, err
			}
		}
		p.words, p.ids = r.words, data.Int32()
	case p.store == inInts && data.Kind() == encoding.Int64:
		p.ints = data.Int64()
	case p.store == inFloats && data.Kind() == encoding.Double:
		p.floats = data.Double()
	case p.store == inBools && data.Kind() == encoding.Boolean:
		p.bits = data.Boolean()
	case p.store == inText && data.Kind() == encoding.ByteArray:
		p.text, p.ends = data.ByteArray()
	default:
		return Piece{}, errPage
	}
	return p.whole()
}

func (w *words) fill(data encoding.Values, s store) error {
	switch {
	case s == inInts && data.Kind() == encoding.Int64:
		w.ints = data.Int64()
	case s == inText && data.Kind() == encoding.ByteArray:
		w.text, w.ends = data.ByteArray()
	default:
		return errPage
	}
	if !inBounds(w.text, w.ends) {
		return errPage
	}
	return nil
}
