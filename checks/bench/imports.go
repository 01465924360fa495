package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// rows are the objects of one stream, served and in a file.
type rows struct {
	stream string
	n      int
	file   string
	served *workspace
}

// prepare serves a workspace and keeps its objects in a file.
func (b *bench) prepare(stream, list string, n int) (*rows, error) {
	w, stop, err := b.serve("-"+stream, fmt.Sprint(n))
	if err != nil {
		return nil, err
	}
	b.ended = append(b.ended, stop)
	r := &rows{stream: stream, file: filepath.Join(b.dir, stream+".ndjson"), served: w}
	if r.n, err = w.dump("/"+stream+"/search", list, r.file); err != nil {
		return nil, err
	}
	info, err := os.Stat(r.file)
	if err != nil {
		return nil, err
	}
	fmt.Printf("  %d rows, %d bytes of JSON a row\n", r.n, info.Size()/int64(max(r.n, 1)))
	return r, nil
}

// written is a contender: the program's decoder and table without the service.
func (b *bench) written(r *rows, mode string, workers int) func() (cost, error) {
	return func() (cost, error) {
		dir := filepath.Join(b.dir, "written")
		if err := os.RemoveAll(dir); err != nil {
			return cost{}, err
		}
		cmd := b.child("write", r.stream, r.file, dir, mode, fmt.Sprint(workers))
		cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", workers))
		return spent(cmd)
	}
}

func (b *bench) contacts() error {
	r, err := b.prepare("contacts", "data", b.options.contacts)
	if err != nil {
		return err
	}
	whole, err := b.folder("contacts", r.served, importing("contacts", "  time_column = \"created_at\"\n  partition = \"none\"\n"))
	if err != nil {
		return err
	}
	monthly, err := b.folder("monthly", r.served, importing("contacts", "  time_column = \"created_at\"\n"))
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
	duck, plain := filepath.Join(b.dir, "contacts-duck.parquet"), filepath.Join(b.dir, "contacts-naive.parquet")
	copied := fmt.Sprintf("COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION zstd)", fromJSON(sh, r.file), duck)
	m, err := b.contest(r.n, []contender{
		{"inlay, HTTP to table", whole.apply},
		{"inlay, HTTP to monthly table", monthly.apply},
		{"inlay, file to table, 1 worker", b.written(r, "replace", 1)},
		{"inlay, file to table, 2 workers", b.written(r, "replace", 2)},
		{"DuckDB, file to file, 1 thread", b.ducked(1, idle, copied)},
		{"DuckDB, file to file, 2 threads", b.ducked(2, idle, copied)},
		{"naive, file to file", func() (cost, error) { return spent(b.child("naive", r.stream, r.file, plain)) }},
	})
	if err != nil {
		return err
	}
	one, two := m["inlay, file to table, 1 worker"], m["inlay, file to table, 2 workers"]
	duck1, duck2 := m["DuckDB, file to file, 1 thread"], m["DuckDB, file to file, 2 threads"]
	http := m["inlay, HTTP to table"]
	b.atLeast("1 worker beside DuckDB with 1 thread, CPU", duck1.cpu()/one.cpu(), 1.5)
	b.atLeast("2 workers beside DuckDB with 2 threads, wall", duck2.wall()/two.wall(), 2.0)
	b.atLeast("beside the naive way, CPU", m["naive, file to file"].cpu()/one.cpu(), 6)
	b.atLeast("HTTP to table: 100,000 rows a CPU-second", float64(r.n)/http.cpu()/100_000, 1)
	fmt.Printf("  %-58s %10.2f ×\n", "HTTP to table beside DuckDB's file to file, 1 thread, CPU", duck1.cpu()/http.cpu())
	if err := b.sizes(whole, duck); err != nil {
		return err
	}
	for _, w := range []struct{ name, glob string }{
		{"HTTP to table", whole.glob("bench/contacts")}, {"HTTP to monthly table", monthly.glob("bench/contacts")},
		{"file to table", filepath.Join(b.dir, "written", "bench/rows/**/*.parquet")},
	} {
		if err := b.noRowDiffers("no row differs: "+w.name, fromParquet(sh, w.glob), fromParquet(sh, duck)); err != nil {
			return err
		}
	}
	return b.noRowDiffers("no row differs: naive, JSON columns left out", fromParquet(plainly(sh), plain), fromParquet(plainly(sh), duck))
}

func (b *bench) sizes(f *folder, duck string) error {
	ours, err := size(filepath.Join(f.dir, "warehouse", "bench", "contacts"))
	if err != nil {
		return err
	}
	info, err := os.Stat(duck)
	if err != nil {
		return err
	}
	b.atMost("size of the table beside DuckDB's zstd file", float64(ours)/float64(info.Size()), 1.10)
	return nil
}

func (b *bench) conversations() error {
	r, err := b.prepare("conversations", "conversations", b.options.conversations)
	if err != nil {
		return err
	}
	f, err := b.folder("conversations", r.served, importing("conversations", "  time_column = \"created_at\"\n"))
	if err != nil {
		return err
	}
	parts, err := b.folder("parts", r.served, importing("conversation_parts", ""))
	if err != nil {
		return err
	}
	sh, err := shapeOf("conversations")
	if err != nil {
		return err
	}
	idle, err := b.idle()
	if err != nil {
		return err
	}
	duck := filepath.Join(b.dir, "conversations-duck.parquet")
	if _, err := b.contest(r.n, []contender{
		{"inlay, HTTP to table", f.apply},
		{"inlay, file to table, 1 worker", b.written(r, "replace", 1)},
		{"DuckDB, file to file, 1 thread", b.ducked(1, idle, fmt.Sprintf("COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION zstd)", fromJSON(sh, r.file), duck))},
	}); err != nil {
		return err
	}
	if err := b.noRowDiffers("no row differs: conversations", fromParquet(sh, f.glob("bench/conversations")), fromParquet(sh, duck)); err != nil {
		return err
	}
	c, err := parts.apply()
	if err != nil {
		return err
	}
	got, calls, err := parts.last()
	fmt.Printf("  conversation parts: %d rows, %d calls, %.2f CPU s, %.2f s\n", got, calls, c.cpu.Seconds(), c.wall.Seconds())
	return err
}
