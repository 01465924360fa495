package duckdb

import "testing"

func TestEngine(t *testing.T) {
	e := Open(t)
	if got := e.One("select 9007199254740993::bigint"); got != "9007199254740993" {
		t.Errorf("a large integer came back as %s", got)
	}
	e.Same("select * from range(3)", "select * from (values (2), (0), (1))")
	if a := e.Try("select nothing"); a.Error == "" {
		t.Error("a wrong query gave no error")
	}
}
