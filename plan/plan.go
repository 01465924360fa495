// Package plan decides what is to be done, and does nothing.
//
// A plan compares what is wanted (the configuration), what is remembered (the state) and
// what is seen (the tables' manifests). It is a value with two halves: changes, each with
// its effect on data, and imports. Make is a pure function: the same inputs give the same
// plan, byte for byte.
package plan

import (
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/stream"
)

// Format is the number of the saved plan's format.
const Format = 1

// Effect says what a change does to data. Effects are ordered by risk.
type Effect string

// The effects, from harmless to irreversible.
const (
	Noop     Effect = "noop"
	Move     Effect = "move"     // another address for the same table
	Settings Effect = "settings" // nothing on disk moves
	Create   Effect = "create"   // a new table
	Adopt    Effect = "adopt"    // a table that stands there without an owner is taken over
	Backfill Effect = "backfill" // older rows are read in addition
	Rewrite  Effect = "rewrite"  // the table is rebuilt from its own files, no API call
	Reimport Effect = "reimport" // read again from the service; the old snapshot is served until then
	Detach   Effect = "detach"   // forgotten; the files stay
	Delete   Effect = "delete"   // the files go
)

// Effects in order of risk.
var effects = []Effect{Noop, Move, Settings, Create, Adopt, Backfill, Rewrite, Reimport, Detach, Delete}

// Risk is the place of e in the order of risk, 0 for Noop.
func (e Effect) Risk() int {
	for i, f := range effects {
		if f == e {
			return i
		}
	}
	return 0
}

// Plan is everything apply needs but the credentials. Its JSON form is the saved plan.
type Plan struct {
	Format  int       `json:"format"`
	ID      string    `json:"plan_id"` // hash of the rest
	Version string    `json:"version"` // of the inlay that made it
	Created time.Time `json:"created"`
	Lineage string    `json:"lineage,omitempty"` // of the state it was made from; "" when there was none
	Serial  int64     `json:"serial"`
	// Files are the hashes of every file the configuration was read from.
	Files map[string]string `json:"files"`
	// Variables are the resolved values of variables that are neither sensitive nor ephemeral.
	Variables map[string]any `json:"variables,omitempty"`
	Warehouse string         `json:"warehouse"`
	Options   Options        `json:"options"`

	Changes  []Change  `json:"changes"` // in order of risk, then address
	Imports  []Import  `json:"imports"` // in address order
	Waiting  []Waiting `json:"waiting"` // targets with no import in this plan, and when their next is
	Warnings []Warning `json:"warnings,omitempty"`
	// Outputs are the outputs whose values change, by "output.NAME".
	Outputs []Reason `json:"outputs,omitempty"`
	// Unowned are the tables of the warehouse that no block declares.
	Unowned []Unowned `json:"unowned,omitempty"`
	// Left says what the selection (-only, -exclude) kept out of the plan.
	Left []addr.Address `json:"left_out,omitempty"`

	Preconditions []Precondition `json:"preconditions,omitempty"`
	// State is what the state will say once the changes are applied; Serial and Lineage
	// are filled in when it is written. A difference of two configurations has none.
	State *state.State `json:"state,omitempty"`
}

// Options are what the person asked of plan.
type Options struct {
	Only     []addr.Address `json:"only,omitempty"`
	Exclude  []addr.Address `json:"exclude,omitempty"`
	Run      []addr.Address `json:"run,omitempty"` // import these whether due or not
	RunAll   bool           `json:"run_all,omitempty"`
	Reimport []addr.Address `json:"reimport,omitempty"`
	Destroy  bool           `json:"destroy,omitempty"`
	// Slot is the slot that an outside scheduler drives the Run targets for; "" = none.
	Slot string `json:"slot,omitempty"`
	// AllowShrink publishes a result that max_shrink would hold back.
	AllowShrink bool `json:"allow_shrink,omitempty"`
}

// Change is what happens at one address.
type Change struct {
	Address addr.Address `json:"address"`
	Was     addr.Address `json:"was,omitzero"` // Move: the former address
	Effect  Effect       `json:"effect"`
	// Added and Removed tell blocks that come and go from those that change.
	Added   bool     `json:"added,omitempty"`
	Removed bool     `json:"removed,omitempty"`
	Reasons []Reason `json:"reasons,omitempty"`
	Line    string   `json:"line,omitempty"` // file:line of the block; "" when it is gone

	// For targets:
	Table string `json:"table,omitempty"` // id; "" before Create
	Path  string `json:"path,omitempty"`
	Rows  int64  `json:"rows,omitempty"` // at stake: in the table now
	Bytes int64  `json:"bytes,omitempty"`
	// Took is what the largest read of the table so far took, when it is to be read again and
	// the diary knows of one.
	Took *Took `json:"took,omitempty"`
	// Repair says the table is damaged or unpublished and will be mended first.
	Repair []string `json:"repair,omitempty"`
}

// Took is what one run took of the service.
type Took struct {
	Rows    int64   `json:"rows"` // received
	Calls   int64   `json:"calls"`
	Seconds float64 `json:"seconds"`
}

// Reason is one attribute that causes a change.
type Reason struct {
	Attribute string `json:"attribute"` // "source.intercom.users.stream", "mode", "column.plan.from"
	Before    any    `json:"before"`
	After     any    `json:"after"`
	Effect    Effect `json:"effect"`
	// Because says what of the data makes it that effect, where data is touched: the words of
	// the rule that decided.
	Because string `json:"because,omitempty"`
	Line    string `json:"line,omitempty"` // file:line
}

// Why is the reason an import runs.
type Why string

// The reasons.
const (
	New     Why = "new"
	Changed Why = "changed"
	Due     Why = "due"
	Asked   Why = "asked"
	Resumes Why = "resumes"
	Damaged Why = "damaged"
)

// Import is one read of a source into a target's table. Its spec is the one State.Targets
// holds under Address.
type Import struct {
	Address addr.Address `json:"address"`
	Why     Why          `json:"why"`
	Slot    string       `json:"slot,omitempty"`
	// SlotTime is the slot in words: "2026-11-23 00:10 JST".
	SlotTime string `json:"slot_time,omitempty"`
	// Full reads everything; otherwise the read goes on from From. One that is not Full and
	// Replaces (mode replace_on_new_data of an incremental source) looks from From whether
	// there is anything new, and reads everything only then.
	Full     bool            `json:"full"`
	From     stream.Bookmark `json:"from,omitempty"`
	Position string          `json:"position,omitempty"` // From in words
	// Replaces is set when the rows of the import stand in for all there are (replace modes, reimports).
	Replaces bool `json:"replaces,omitempty"`
	// Reimport is set when the table was built otherwise, or is damaged, or is read again by
	// request: the import takes the place of all its rows, whatever spec or workspace they
	// were read by. It stays set when such an import is resumed.
	Reimport bool `json:"reimport,omitempty"`
	// Backfill reads rows from Since up to Until in addition, and moves no bookmark.
	Backfill bool `json:"backfill,omitempty"`
	// Since is the source's lower bound, zero for the beginning. Rows before it are not wanted.
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Resume is the run it goes on with, and the rows it has staged.
	Resume string `json:"resume,omitempty"`
	Staged int64  `json:"staged,omitempty"`
	// Discard names staged runs of this table that are of no use any more; a warning says why.
	Discard []string `json:"discard,omitempty"`
	// Group numbers the imports that may share one read: same connection, same query.
	Group int `json:"group"`
	// Next is when the target runs next after this; zero when it has no schedule.
	Next     time.Time `json:"next,omitzero"`
	NextText string    `json:"next_text,omitempty"`
}

// Waiting is a target with nothing to do now.
type Waiting struct {
	Address  addr.Address `json:"address"`
	Next     time.Time    `json:"next,omitzero"`
	NextText string       `json:"next_text,omitempty"` // "2026-11-24 00:40 JST", in the schedule's zone
	Note     string       `json:"note,omitempty"`      // "no schedule", "paused", "paused by hand", "disabled", "waits for its first slot"
}

// Warning is something a reviewer should know that is no mistake of the text.
type Warning struct {
	Address addr.Address `json:"address,omitzero"`
	Summary string       `json:"summary"`
	Detail  string       `json:"detail"`
	Line    string       `json:"line,omitempty"`
}

// Unowned is a table without a block.
type Unowned struct {
	Table   string `json:"table"` // id
	Path    string `json:"path"`
	Address string `json:"address,omitempty"` // of the block that made it
	Rows    int64  `json:"rows"`
	Bytes   int64  `json:"bytes"`
}

// Precondition is what must still hold at one address when a saved plan is applied.
type Precondition struct {
	Address addr.Address `json:"address"`
	Was     addr.Address `json:"was,omitzero"`      // where the state's entry stood when the plan was made
	Applied string       `json:"applied,omitempty"` // hash of the state's entry; "" when there was none
	Table   string       `json:"table,omitempty"`   // id
	Built   string       `json:"built,omitempty"`   // hash of the spec the table was built as
}
