package project

import (
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
)

// Diff compares two folders of configuration by meaning, without state, tables or
// credentials. Files are named with their folder in front; texts gives them for snippets.
func Diff(world World, vars []lang.VarInput, before, after string) (made *plan.Plan, texts func(string) []byte, err error) {
	a, wrongA := Open(world, Flags{Dir: before, Vars: vars})
	b, wrongB := Open(world, Flags{Dir: after, Vars: vars})
	if wrongA.HasErrors() {
		return nil, a.config.Text, &DiagnosticsError{wrongA}
	}
	if wrongB.HasErrors() {
		return nil, b.config.Text, &DiagnosticsError{wrongB}
	}
	return plan.Diff(a.config, b.config), b.config.Text, nil
}
