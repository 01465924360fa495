package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// options are the sizes of what is measured.
type options struct {
	contacts, conversations int
	large                   int
	rounds                  int
	targets                 int
	only                    string
	keep                    bool
	list                    bool
}

// scenario is one group of measurements.
type scenario struct {
	name, about string
	run         func(*bench) error
}

func scenarios() []scenario {
	return []scenario{
		{"contacts", "contacts into Parquet, beside DuckDB and the naive way", (*bench).contacts},
		{"conversations", "conversations into Parquet, and compared with DuckDB's", (*bench).conversations},
		{"upsert", "1 % of the rows changed, beside DuckDB rewriting its file", (*bench).upserts},
		{"latency", "ranges side by side at 100 ms a page, and the rate limit", (*bench).latency},
		{"memory", "peak memory as the number of rows grows", (*bench).memory},
		{"blocks", "validate, plan and for_each of many blocks", (*bench).blocks},
		{"start", "the time to start", (*bench).start},
		{"requests", "requests a row for each stream", (*bench).requests},
	}
}

func main() {
	if len(os.Args) > 1 {
		if role, ok := roles()[os.Args[1]]; ok {
			exit(role(os.Args[2:]))
		}
	}
	var o options
	flag.IntVar(&o.contacts, "contacts", 100_000, "contacts to import")
	flag.IntVar(&o.large, "large", 0, "contacts of the table that is upserted into, and of the one that memory grows to; 0: as many as contacts, and ten times as many")
	flag.IntVar(&o.conversations, "conversations", 10_000, "conversations to import")
	flag.IntVar(&o.rounds, "rounds", 5, "interleaved runs of each contender")
	flag.IntVar(&o.targets, "targets", 1000, "targets of the plan")
	flag.StringVar(&o.only, "only", "", "scenarios to run, commas between; all of them when empty")
	flag.BoolVar(&o.keep, "keep", false, "keep the folder that was worked in")
	flag.BoolVar(&o.list, "list", false, "list the scenarios")
	flag.Parse()
	if o.list {
		for _, s := range scenarios() {
			fmt.Printf("%-14s %s\n", s.name, s.about)
		}
		return
	}
	exit(measure(o))
}

// roles are what this program does as a child of itself, so that each contender's costs
// are those of one process.
func roles() map[string]func([]string) error {
	return map[string]func([]string) error{"serve": serve, "write": write, "naive": naive, "parse": parse, "profile": profile}
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func measure(o options) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b, err := newBench(ctx, o)
	if err != nil {
		return err
	}
	defer b.close()
	chosen := strings.FieldsFunc(o.only, func(r rune) bool { return r == ',' })
	for _, s := range scenarios() {
		if len(chosen) > 0 && !slices.Contains(chosen, s.name) {
			continue
		}
		fmt.Printf("\n%s: %s\n", s.name, s.about)
		if err := s.run(b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return b.verdict()
}

// bench is what all scenarios share: the program under test and a folder to work in.
type bench struct {
	options
	ctx    context.Context
	dir    string
	inlay  string // the program under test
	self   string
	duck   string // the script that runs SQL in DuckDB
	ended  []func()
	missed []string
}

func newBench(ctx context.Context, o options) (*bench, error) {
	dir, err := os.MkdirTemp("", "inlay-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, ctx: ctx, dir: dir, inlay: filepath.Join(dir, "inlay")}
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	root, err := output(ctx, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	b.duck = filepath.Join(strings.TrimSpace(root), "checks", "duckdb", "serve.mjs")
	if _, err := output(ctx, "go", "build", "-C", strings.TrimSpace(root), "-trimpath", "-o", b.inlay, "."); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *bench) close() {
	for _, end := range slices.Backward(b.ended) {
		end()
	}
	if b.keep {
		fmt.Println("\nkept:", b.dir)
		return
	}
	if err := os.RemoveAll(b.dir); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
}
