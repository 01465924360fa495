package table

import (
	"sort"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table/chunk"
)

// strip is one column of a stretch of rows, as it was read: pieces of pages, in order.
type strip struct {
	pieces []chunk.Piece
	ends   []int         // the row behind each piece
	held   []*chunk.Read // what the pieces belong to
}

func (s *strip) rows() int {
	if len(s.ends) == 0 {
		return 0
	}
	return s.ends[len(s.ends)-1]
}

func (s *strip) add(pieces ...chunk.Piece) {
	for _, p := range pieces {
		s.ends = append(s.ends, s.rows()+p.Rows())
		s.pieces = append(s.pieces, p)
	}
}

// addVector adds the rows of a vector.
func (s *strip) addVector(v *stream.Vector) error {
	p, err := chunk.PieceOf(v)
	s.add(p)
	return err
}

// take adds what another strip has, which is empty then.
func (s *strip) take(o *strip) {
	s.add(o.pieces...)
	s.held = append(s.held, o.held...)
	*o = strip{}
}

// between calls fn with the rows from from to to, piece after piece.
func (s *strip) between(from, to int, fn func(chunk.Piece) error) error {
	for i := sort.SearchInts(s.ends, from+1); from < to; i++ {
		first := s.ends[i] - s.pieces[i].Rows()
		end := min(to, s.ends[i])
		if err := fn(s.pieces[i].Cut(from-first, end-first)); err != nil {
			return err
		}
		from = end
	}
	return nil
}

// replace puts the rows of a vector in the place of those with these numbers, which are in
// order.
func (s *strip) replace(rows []int, v *stream.Vector) error {
	with, err := chunk.PieceOf(v)
	if err != nil {
		return err
	}
	out := strip{held: s.held}
	keep := func(p chunk.Piece) error { out.add(p); return nil }
	at := 0
	for i, row := range rows {
		if err := s.between(at, row, keep); err != nil {
			return err
		}
		out.add(with.Cut(i, i+1))
		at = row + 1
	}
	if err := s.between(at, s.rows(), keep); err != nil {
		return err
	}
	*s = out
	return nil
}

// appendTo appends all rows to a vector. Its texts are good until the strip is released.
func (s *strip) appendTo(v *stream.Vector) {
	for _, p := range s.pieces {
		p.Append(v)
	}
}

// release gives the memory of the strip back.
func (s *strip) release() {
	for _, r := range s.held {
		r.Release()
	}
	*s = strip{}
}
