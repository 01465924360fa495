package plan

import (
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/spec"
)

// A change of a target may ask several things of its table at once; these say which. They
// are done in this order: settle, rewrite, and then the target's import if it has one.

// Settles reports whether the table's manifest has to say something else without a row
// being touched: its owner, address, path, on_remove, prevent_destroy or catalog.
func (c Change) Settles() bool {
	if c.Effect == Create || c.Removed {
		return false
	}
	return !c.Was.IsZero() || slices.ContainsFunc(c.Reasons, func(r Reason) bool {
		return r.Effect == Adopt || r.Effect == Move || r.Attribute == "on_remove" || r.Attribute == "prevent_destroy" || strings.HasPrefix(r.Attribute, spec.Catalog)
	})
}

// Rewrites reports whether the table is to be rebuilt from its own files. A reimport
// makes that needless.
func (c Change) Rewrites() bool {
	return c.Effect != Reimport && !c.Removed && hasEffect(c.Reasons, Rewrite)
}

// Spec is what the table's manifest must record as built when the change has settled or
// rewritten it, and before its import: built is what it records now, wanted what the state
// says. What only an import can bring about stays as it was built, so that the next plan
// shows it again if that import fails.
func (c Change) Spec(built, wanted spec.Spec) spec.Spec {
	switch {
	case c.Effect == Create:
		return wanted
	case !c.Rewrites():
		return built
	case hasEffect(c.Reasons, Backfill):
		wanted.Since, wanted.Source = built.Since, built.Source
	}
	return wanted
}
