package table

import (
	"time"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Run is one import as a table sees it.
type Run struct {
	ID          string    // unique; a resumed or repeated attempt keeps it
	Address     string    // of the target
	Lineage     string    // owner: the state's lineage
	Slot        string    // "" when not scheduled
	Started     time.Time // of the first attempt
	Spec        spec.Spec
	Workspace   Workspace
	Full        bool // the read sees everything, not only what is new
	Reimport    bool // asked for by name: may replace rows of another workspace or spec
	AllowShrink bool
	HashKey     setting.Secret // keys the hash of columns that a Rewrite hashes
}

// Workspace is the account the rows come from.
type Workspace struct {
	Provider string `json:"provider"`
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
}

// Counts are what a commit did to rows.
type Counts struct {
	Received  int64 `json:"received"`
	Inserted  int64 `json:"inserted"`
	Updated   int64 `json:"updated"`
	Unchanged int64 `json:"unchanged"` // received, but the table had them already
	Deleted   int64 `json:"deleted"`
	Misfits   int64 `json:"misfits"` // values that did not fit their column
	Unknown   int64 `json:"unknown"` // values no column declares
}

// Part is one immutable file of rows. Its ranges are open where a manifest is read: they
// stand in a file of their own, which goes with the snapshot.
type Part struct {
	Name      string `json:"name"`      // in parts/, never used twice
	Partition string `json:"partition"` // folder in the snapshot, "created_at_month=2026-11"; "" for none
	Bytes     int64  `json:"bytes"`
	Rows      int64  `json:"rows"`
	SHA256    string `json:"sha256"`
	Key       Range  `json:"key,omitzero"`    // of the encoded key
	Cursor    Range  `json:"cursor,omitzero"` // of the cursor column
	Time      Range  `json:"time,omitzero"`   // of the time column
}

// Range is the smallest and largest value, as text that sorts like the values.
type Range struct {
	Min string `json:"min"`
	Max string `json:"max"`
}

// Manifest is one commit. It is never rewritten.
type Manifest struct {
	Format         int             `json:"format"`
	Table          string          `json:"table"` // id
	Number         int64           `json:"number"`
	Parent         string          `json:"parent"` // hash of the manifest before; "" for the first
	Kind           string          `json:"kind"`   // one of the Kinds below
	Lineage        string          `json:"lineage"`
	Address        string          `json:"address"`
	Path           string          `json:"path"`
	Run            string          `json:"run,omitempty"`
	Slot           string          `json:"slot,omitempty"`     // the latest slot satisfied
	Imported       string          `json:"imported,omitempty"` // id of the last run whose rows were committed
	Started        time.Time       `json:"started,omitzero"`   // of the last successful import's first attempt
	Committed      time.Time       `json:"committed"`
	Spec           spec.Spec       `json:"spec"`
	Workspace      Workspace       `json:"workspace,omitzero"`
	Columns        []stream.Column `json:"columns"` // the schema every part has
	Bookmark       stream.Bookmark `json:"bookmark,omitempty"`
	Position       string          `json:"position,omitempty"` // the bookmark in words, from its provider
	Covered        []Interval      `json:"covered,omitempty"`  // what of the cursor has been read
	Parts          []Part          `json:"parts"`
	Rows           int64           `json:"rows"`
	Bytes          int64           `json:"bytes"`
	Counts         Counts          `json:"counts,omitzero"`        // of this commit
	Final          *stream.Final   `json:"reconciled,omitempty"`   // of this commit's import
	Unreconciled   int64           `json:"unreconciled,omitempty"` // rows short, with reconcile = "warn"
	Expect         []ExpectResult  `json:"expect,omitempty"`       // broken expectations of severity warn
	Snapshot       int64           `json:"snapshot"`               // number of the manifest whose parts these are: unchanged when a commit changes no part
	Floor          int64           `json:"floor,omitempty"`        // snapshots below it were purged: no rollback across
	PreventDestroy bool            `json:"prevent_destroy,omitempty"`
	OnRemove       string          `json:"on_remove,omitempty"`
}

// Kinds of commits.
const (
	KindCreate   = "create"
	KindImport   = "import"
	KindRewrite  = "rewrite"
	KindSettings = "settings" // settings, path, owner or address
	KindRollback = "rollback"
	KindCompact  = "compact"
	KindErase    = "erase"
	KindDelete   = "delete" // the tombstone
)

// Interval is a span of the cursor that has been read whole; From "" is the beginning.
type Interval struct {
	From string `json:"from,omitempty"` // RFC 3339
	To   string `json:"to"`
}

// Seen is a warehouse as plan sees it, from manifests alone: no lock taken, nothing written.
type Seen struct {
	Tables []SeenTable
	// Foreign are folders or files at table paths that inlay did not make: path -> what it is.
	Foreign map[string]string
}

// SeenTable is one table home.
type SeenTable struct {
	ID      string
	Path    string
	Head    Manifest
	Deleted bool     // a tombstone is the head
	Pending bool     // the head is committed and not published: link or view is behind
	Damage  []string // what is wrong, in words; empty: nothing seen
	Drift   []string // what readers see beside or instead of the parts, in words; publishing mends it
	Staged  []Staged
}

// Staged is what an unfinished run has so far.
type Staged struct {
	Run     string          `json:"run"`
	Address string          `json:"address"`
	Slot    string          `json:"slot,omitempty"`
	Started time.Time       `json:"started"`
	Saved   time.Time       `json:"saved"` // of the last checkpoint
	Rows    int64           `json:"rows"`
	Spec    spec.Spec       `json:"spec"`
	Resume  stream.Bookmark `json:"resume,omitempty"`
	Full    bool            `json:"full,omitempty"`
	Held    bool            `json:"-"` // a living process works on it
	// Why the run did not finish and was kept for a look: "expect", "shrink", "incomplete"; "" for interrupted.
	Why string `json:"why,omitempty"`
}

// Damage is one thing that is wrong with a table.
type Damage struct {
	File string `json:"file"` // below the table's home; "" where it is no file
	What string `json:"what"`
}

// String says it in words.
func (d Damage) String() string {
	if d.File == "" {
		return d.What
	}
	return d.File + ": " + d.What
}
