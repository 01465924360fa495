package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
	"github.com/inlay-sync/inlay/table"
)

// write is the role that puts a file of objects into a table with the program's own
// decoder and table, and without the service: write STREAM FILE WAREHOUSE MODE WORKERS.
func write(args []string) error {
	if len(args) != 5 {
		return errors.New("write STREAM FILE WAREHOUSE MODE WORKERS")
	}
	sh, err := shapeOf(args[0])
	if err != nil {
		return err
	}
	file, err := os.Open(args[1])
	if err != nil {
		return err
	}
	defer file.Close()
	x, err := begin(args[2], args[3], sh)
	if err != nil {
		return err
	}
	workers, err := strconv.Atoi(args[4])
	if err == nil {
		err = fill(x, sh, bufio.NewReaderSize(file, 1<<20), workers)
	}
	if err != nil {
		return errors.Join(err, x.Abort())
	}
	_, err = x.Commit(table.Close{})
	return err
}

// begin starts a run on the table bench/rows, which is made when it is not there.
func begin(dir, mode string, sh stream.Shape) (*table.Txn, error) {
	w, err := table.Open(dir, table.Options{Now: time.Now, Version: "bench"})
	if err != nil {
		return nil, err
	}
	at := time.Now()
	run := table.Run{
		ID: fmt.Sprintf("bench-%d", at.UnixNano()), Address: "target.parquet.rows", Lineage: "bench", Started: at, Full: mode == spec.Replace,
		Workspace: table.Workspace{Provider: "intercom", ID: "bench"},
		Spec: spec.Spec{
			Provider: "intercom", Connection: setting.Values{}, Source: setting.Values{"stream": "rows", "incremental": mode == spec.Upsert},
			Target: setting.Values{"database": "bench", "table": "rows", "mode": mode, "time_column": "created_at", "partition": "none", "timezone": "UTC"},
			Shape:  sh, Key: []string{"id"}, Updated: "updated_at", Cursor: "updated_at",
		},
	}
	t, err := w.TableAt("bench/rows")
	if errors.Is(err, table.ErrNoTable) {
		t, err = w.Create(table.Creation{Run: run, Path: "bench/rows"})
	}
	if err != nil {
		return nil, err
	}
	return t.Begin(context.Background(), run)
}

const linesAPage = 150

// fill decodes pages of lines and writes them.
func fill(x *table.Txn, sh stream.Shape, in *bufio.Reader, workers int) error {
	if workers > 1 {
		return sideBySide(x, sh, in, workers)
	}
	d, err := decoder(sh)
	if err != nil {
		return err
	}
	for next := pages(in); ; {
		page, err := next()
		if err != nil || page == nil {
			return err
		}
		rows, err := decoded(d, page)
		if err != nil {
			return err
		}
		if err := x.Write(stream.Batch{Rows: rows}); err != nil {
			return err
		}
	}
}

func decoder(sh stream.Shape) (*decode.Decoder, error) {
	return decode.New(sh, decode.Options{Capture: []string{"id", "created_at", "updated_at"}})
}

// decoded is the rows of one page.
func decoded(d *decode.Decoder, page []byte) (*stream.Rows, error) {
	if _, err := d.Page(page, "data", nil); err != nil {
		return nil, err
	}
	return d.Take(), nil
}

// pages returns what reads one page of lines after the other; nil is the end.
func pages(in *bufio.Reader) func() ([]byte, error) {
	size := 1 << 16
	return func() ([]byte, error) {
		page := bytes.NewBuffer(make([]byte, 0, size+size/8))
		page.WriteString(`{"data":[`)
		for n := 0; n < linesAPage; n++ {
			line, err := in.ReadSlice('\n')
			for errors.Is(err, bufio.ErrBufferFull) {
				page.Write(line)
				line, err = in.ReadSlice('\n')
			}
			if errors.Is(err, io.EOF) && n == 0 {
				return nil, nil
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			if n > 0 {
				page.WriteByte(',')
			}
			page.Write(line)
		}
		page.WriteString(`]}`)
		size = page.Len()
		return page.Bytes(), nil
	}
}
