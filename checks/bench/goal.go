package main

import (
	"fmt"
	"strings"
)

// atLeast tells a ratio beside its goal.
func (b *bench) atLeast(what string, got, goal float64) {
	b.goal(what, fmt.Sprintf("%.2f ×", got), fmt.Sprintf("at least %.2f ×", goal), got >= goal)
}

// atMost tells a ratio that should be small.
func (b *bench) atMost(what string, got, goal float64) {
	b.goal(what, fmt.Sprintf("%.2f ×", got), fmt.Sprintf("at most %.2f ×", goal), got <= goal)
}

// below tells a measured figure beside its bound.
func (b *bench) below(what string, got float64, unit string, goal float64) {
	b.goal(what, fmt.Sprintf("%.3g %s", got, unit), fmt.Sprintf("at most %g %s", goal, unit), got <= goal)
}

func (b *bench) goal(what, got, goal string, met bool) {
	word := "met"
	if !met {
		word = "MISSED"
		b.missed = append(b.missed, what)
	}
	fmt.Printf("  %-58s %12s  (goal: %s) %s\n", what, got, goal, word)
}

// verdict says which goals were missed. A missed goal is a finding, not a failure.
func (b *bench) verdict() error {
	if len(b.missed) == 0 {
		fmt.Println("\nEvery goal that was measured is met.")
		return nil
	}
	fmt.Printf("\n%d goals are missed: %s\n", len(b.missed), strings.Join(b.missed, "; "))
	return nil
}
