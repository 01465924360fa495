// Package duckdb lets tests ask DuckDB, an engine that shares no code with ours, what the
// tables on disk hold.
package duckdb

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Engine is one running DuckDB. It lives as long as the test that opened it.
type Engine struct {
	t   testing.TB
	in  *json.Encoder
	out *bufio.Reader
}

// Answer is the result of a query; values are as DuckDB writes them in JSON, with 64-bit
// integers, decimals and timestamps as strings.
type Answer struct {
	Columns []string `json:"columns"`
	Types   []string `json:"types"`
	Rows    [][]any  `json:"rows"`
	Error   string   `json:"error"`
}

// Open starts DuckDB. Where Node or the package is not installed the test is skipped
// aloud, unless INLAY_NO_SKIP says that everything must run.
func Open(t testing.TB) *Engine {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Dir(here)
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "node_modules", "@duckdb", "node-api"))
	}
	if err != nil {
		if os.Getenv("INLAY_NO_SKIP") != "" {
			t.Fatalf("DuckDB must be there and is not (%v): run `make duckdb`", err)
		}
		t.Skip("DuckDB is not installed, so nothing independent reads the tables: run `make duckdb`")
	}
	cmd := exec.Command(node, filepath.Join(dir, "serve.mjs"))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	e := &Engine{t: t, in: json.NewEncoder(in), out: bufio.NewReaderSize(out, 1<<20)}
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	return e
}

// Try runs sql; DuckDB's own errors are in the answer.
func (e *Engine) Try(sql string) Answer {
	e.t.Helper()
	if err := e.in.Encode(map[string]string{"sql": sql}); err != nil {
		e.t.Fatalf("DuckDB does not listen: %v", err)
	}
	line, err := e.out.ReadBytes('\n')
	if err != nil {
		e.t.Fatalf("DuckDB does not answer: %v", err)
	}
	var a Answer
	if err := json.Unmarshal(line, &a); err != nil {
		e.t.Fatalf("DuckDB answers %q: %v", line, err)
	}
	return a
}

// Query runs sql and fails the test when DuckDB refuses it.
func (e *Engine) Query(sql string) Answer {
	e.t.Helper()
	a := e.Try(sql)
	if a.Error != "" {
		e.t.Fatalf("DuckDB refuses %s\n%s", sql, a.Error)
	}
	return a
}

// One returns the only value of a query's only row, as text.
func (e *Engine) One(sql string) string {
	e.t.Helper()
	a := e.Query(sql)
	if len(a.Rows) != 1 || len(a.Rows[0]) != 1 {
		e.t.Fatalf("%s gave %d rows, not one value", sql, len(a.Rows))
	}
	return fmt.Sprint(a.Rows[0][0])
}

// Same fails the test unless two queries give the same rows, counted with their
// repetitions, and shows some of those that differ.
func (e *Engine) Same(left, right string) {
	e.t.Helper()
	for _, q := range [][3]string{{left, right, "only left"}, {right, left, "only right"}} {
		a := e.Query(fmt.Sprintf("(%s) EXCEPT ALL (%s) LIMIT 3", q[0], q[1]))
		for _, row := range a.Rows {
			text, _ := json.Marshal(row)
			e.t.Errorf("%s (%s): %s", q[2], strings.Join(a.Columns, ", "), text)
		}
	}
}

// Quote writes s as an SQL string.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
