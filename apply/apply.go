// Package apply makes a plan so: it writes the state, mends and changes tables, and runs
// the imports. It is the only room where the network and the tables meet, and it decides
// nothing about what is to be done.
package apply

import (
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/table"
)

// Kind is what an event tells.
type Kind string

// The events, in the order in which they can happen at one address.
const (
	ChangeStart  Kind = "change_start"      // Change is being made
	ChangeDone   Kind = "change_complete"   // Change is made
	ImportStart  Kind = "apply_start"       // Run, Import: before the first request
	Progress     Kind = "progress"          // Rows, Pages so far in this run
	Checkpointed Kind = "checkpoint"        // Rows so far survive a crash
	Noted        Kind = "note"              // Message: retry, wait, surprise, discarded checkpoint
	ImportDone   Kind = "apply_complete"    // Result
	Failed       Kind = "apply_failed"      // Err; of an import when Run is set, of a change otherwise
	Skipped      Kind = "apply_skipped"     // Message: overlap, slot done
	NotStarted   Kind = "apply_not_started" // Message: why it was not begun; the next apply does it
	StateWritten Kind = "state"             // Serial
)

// Event is one step of an apply, as it happens.
type Event struct {
	Kind    Kind
	At      time.Time
	Address addr.Address
	Run     string
	Import  *plan.Import
	Change  *plan.Change
	Rows    int64 // received so far
	Pages   int64
	// Calls are the requests that the import made so far, in this attempt.
	Calls providers.Calls
	// Budget is what its connection may still ask of the service, where that is known.
	Connection addr.Address
	Budget     *providers.Budget
	// Expected is how many rows the service announced, or -1.
	Expected int64
	Message  string
	Result   *Result
	Err      error
	Serial   int64
}

// Result is what one import did.
type Result struct {
	Run      string
	Manifest table.Manifest
	Nothing  bool // committed, and there was nothing new
	Started  time.Time
	Ended    time.Time
	Pages    int64
	Calls    providers.Calls
	Written  int // parts that this commit wrote
	Warnings []string
}
