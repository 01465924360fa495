package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// answer is what DuckDB says to one query.
type answer struct {
	Rows  [][]any `json:"rows"`
	Error string  `json:"error"`
}

// sql runs queries in a DuckDB process of its own with so many threads.
func (b *bench) sql(threads int, queries ...string) (cost, []answer, error) {
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, q := range queries {
		if err := enc.Encode(map[string]string{"sql": q}); err != nil {
			return cost{}, nil, err
		}
	}
	cmd := exec.CommandContext(b.ctx, "node", b.duck)
	cmd.Stdin = &in
	cmd.Env = append(os.Environ(), fmt.Sprintf("DUCKDB_THREADS=%d", threads))
	c, err := spent(cmd)
	if err != nil {
		return c, nil, fmt.Errorf("DuckDB is needed to measure beside it (make duckdb): %w", err)
	}
	var answers []answer
	for line := range strings.Lines(c.out) {
		var a answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			return c, nil, fmt.Errorf("%s: %w", line, err)
		}
		if a.Error != "" {
			return c, nil, fmt.Errorf("DuckDB: %s", a.Error)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(queries) {
		return c, nil, fmt.Errorf("DuckDB answered %d of %d queries: %s", len(answers), len(queries), tail(c.out))
	}
	return c, answers, nil
}

// idle is what the process around DuckDB costs by itself; it is taken off what is measured.
func (b *bench) idle() (cost, error) {
	var all costs
	for range 3 {
		c, _, err := b.sql(1, "SELECT 1")
		if err != nil {
			return cost{}, err
		}
		all = append(all, c)
	}
	best := all[0]
	for _, c := range all[1:] {
		best.cpu, best.wall = min(best.cpu, c.cpu), min(best.wall, c.wall)
	}
	return best, nil
}

// ducked is a contender that runs queries in DuckDB.
func (b *bench) ducked(threads int, idle cost, queries ...string) func() (cost, error) {
	return func() (cost, error) {
		c, _, err := b.sql(threads, queries...)
		c.cpu, c.wall = c.cpu-idle.cpu, c.wall-idle.wall
		return c, err
	}
}

// differing counts the rows that only one of two queries gives.
func (b *bench) differing(left, right string) (string, error) {
	count := func(x, y string) string { return fmt.Sprintf("SELECT count(*) FROM ((%s) EXCEPT ALL (%s))", x, y) }
	_, a, err := b.sql(2, "SELECT count(*) FROM ("+left+")", count(left, right), count(right, left))
	if err != nil {
		return "", err
	}
	got := fmt.Sprintf("%v+%v of %v", a[1].Rows[0][0], a[2].Rows[0][0], a[0].Rows[0][0])
	return got, nil
}

// noRowDiffers compares two queries both ways and tells the finding.
func (b *bench) noRowDiffers(what, left, right string) error {
	got, err := b.differing(left, right)
	if err != nil {
		return err
	}
	b.goal(what, got, "0 rows differ", strings.HasPrefix(got, "0+0 of") && !strings.HasSuffix(got, " 0"))
	return nil
}
