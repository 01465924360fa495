package main

import (
	"bufio"
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// sheet is a page on its way.
type sheet struct {
	page []byte
	rows chan *stream.Rows
}

// sideBySide reads pages, decodes several of them at once, as the program does that reads
// ranges side by side, and writes them in their order.
func sideBySide(x *table.Txn, sh stream.Shape, in *bufio.Reader, workers int) error {
	g, ctx := errgroup.WithContext(context.Background())
	unread, inOrder := make(chan *sheet, 2*workers), make(chan *sheet, 2*workers)
	g.Go(func() error {
		defer close(unread)
		defer close(inOrder)
		return readAll(ctx, in, unread, inOrder)
	})
	for range workers {
		g.Go(func() error { return decodeAll(sh, unread) })
	}
	g.Go(func() error { return writeAll(ctx, x, inOrder) })
	return g.Wait()
}

// readAll gives every page to both.
func readAll(ctx context.Context, in *bufio.Reader, unread, inOrder chan<- *sheet) error {
	for next := pages(in); ; {
		page, err := next()
		if err != nil || page == nil {
			return err
		}
		s := &sheet{page, make(chan *stream.Rows, 1)}
		for _, to := range []chan<- *sheet{unread, inOrder} {
			select {
			case to <- s:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

func decodeAll(sh stream.Shape, unread <-chan *sheet) error {
	d, err := decoder(sh)
	if err != nil {
		return err
	}
	for s := range unread {
		rows, err := decoded(d, s.page)
		if err != nil {
			return err
		}
		s.rows <- rows
	}
	return nil
}

func writeAll(ctx context.Context, x *table.Txn, inOrder <-chan *sheet) error {
	for s := range inOrder {
		select {
		case rows := <-s.rows:
			if err := x.Write(stream.Batch{Rows: rows}); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
