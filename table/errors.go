package table

import (
	"errors"
	"fmt"
	"strings"
)

// The closed set of refusals that need no detail. Callers tell them apart with errors.Is.
var (
	// ErrSlotDone says that this run, or another one for the same slot, is committed
	// already: there is nothing left to do, and that is no failure.
	ErrSlotDone = errors.New("this slot is imported already")
	// ErrNoTable says that no table has that id or path.
	ErrNoTable = errors.New("there is no such table")
	// ErrDeleted says that the table was deleted; its id never comes back.
	ErrDeleted = errors.New("the table was deleted")
	// ErrAborted says that the transaction was ended before.
	ErrAborted = errors.New("the transaction has ended")
)

// ErrBusy says that another import or command works on the table.
type ErrBusy struct{ Path, Holder string }

func (e *ErrBusy) Error() string {
	if e.Holder == "" {
		return fmt.Sprintf("another process works on the table %s; wait until it ends", e.Path)
	}
	return fmt.Sprintf("%s works on the table %s; wait until it ends", e.Holder, e.Path)
}

// ErrSuperseded says that someone else committed to the table after this transaction
// began. Nothing was changed; the staged rows are kept, and a new transaction with the
// same run merges them against the new head.
type ErrSuperseded struct {
	Path        string
	Began, Head int64 // numbers of manifests
}

func (e *ErrSuperseded) Error() string {
	return fmt.Sprintf("the table %s moved from commit %d to %d while this run worked on it; nothing was written, run again to merge with the new rows", e.Path, e.Began, e.Head)
}

// ErrShrink says that the commit would lose more rows than max_shrink allows. The rows are
// kept staged.
type ErrShrink struct {
	Path          string
	Before, After int64
	Max           float64
}

func (e *ErrShrink) Error() string {
	return fmt.Sprintf("the table %s would shrink from %d to %d rows, and max_shrink allows to lose %.0f %%; the result is staged and not published, run with -allow-shrink to publish it", e.Path, e.Before, e.After, e.Max*100)
}

// ErrIncomplete says that fewer rows arrived than the service announced. The bookmark and
// the snapshot stay.
type ErrIncomplete struct {
	Path                string
	Received, Announced int64
}

func (e *ErrIncomplete) Error() string {
	return fmt.Sprintf("the service announced %d rows for the table %s and gave %d; the old snapshot and the bookmark stay, run again or set reconcile = \"warn\" to publish what there is", e.Announced, e.Path, e.Received)
}

// ErrHeld says that the caller asked to keep the rows staged instead of publishing them.
type ErrHeld struct{ Path, Why string }

func (e *ErrHeld) Error() string {
	return fmt.Sprintf("the rows for the table %s are kept staged and not published (%s)", e.Path, e.Why)
}

// ExpectResult is one broken expectation. It names no row: a manifest keeps it for ever.
type ExpectResult struct {
	Name     string `json:"name"` // the block's label
	Check    string `json:"check"`
	Severity string `json:"severity"`
	Rows     int64  `json:"rows"`   // rows that break it; 0 where it is about the table as a whole
	Detail   string `json:"detail"` // what was found, in words
}

// ErrExpect says that an expectation of severity error was broken. The rows are kept
// staged and the old snapshot stays.
type ErrExpect struct {
	Path   string
	Failed []ExpectResult
}

func (e *ErrExpect) Error() string {
	var names []string
	for _, f := range e.Failed {
		names = append(names, fmt.Sprintf("%q (%s)", f.Name, f.Detail))
	}
	return fmt.Sprintf("the rows for the table %s do not meet what is expected of them: %s; the old snapshot stays, the new rows are staged", e.Path, strings.Join(names, ", "))
}

// ErrOtherWorkspace says that the rows come from another account than the table's.
type ErrOtherWorkspace struct {
	Path     string
	Has, Got Workspace
}

func (e *ErrOtherWorkspace) Error() string {
	return fmt.Sprintf("the table %s holds rows of the workspace %s, and this connection is signed in to %s; rows of two workspaces are never mixed, use -reimport to replace them", e.Path, e.Has, e.Got)
}

// String is the workspace's name with its id.
func (w Workspace) String() string {
	if w.Name == "" {
		return w.ID
	}
	return w.Name + " (" + w.ID + ")"
}

// ErrOtherOwner says that the table belongs to another state.
type ErrOtherOwner struct{ Path, Lineage string }

func (e *ErrOtherOwner) Error() string {
	return fmt.Sprintf("the table %s belongs to another configuration (its state has the lineage %s); use another path, or adopt the table", e.Path, e.Lineage)
}

// ErrPathTaken says that something stands where a table would be published.
type ErrPathTaken struct{ Path, What string }

func (e *ErrPathTaken) Error() string {
	return fmt.Sprintf("%s stands at the table's path %s; move it away or choose another database or table", e.What, e.Path)
}

// ErrDiverged says that the copy of a table has commits that the table does not have.
type ErrDiverged struct {
	Path, Place string
	There       int64 // the newest commit there
}

func (e *ErrDiverged) Error() string {
	return fmt.Sprintf("the table %s in %s went on from the copy that it was: its commit %d is not one of this table's, and a copy over it would lose that; copy to another place, or go on with the table there", e.Path, e.Place, e.There)
}

// ErrRollback says that the table cannot go back to a commit.
type ErrRollback struct {
	Path string
	To   int64
	Why  string
}

func (e *ErrRollback) Error() string {
	return fmt.Sprintf("the table %s cannot go back to commit %d: %s; `inlay table snapshots` lists those it can go back to", e.Path, e.To, e.Why)
}

// ErrUnpublished says that the commit is done and durable, and what follows it failed:
// showing it to readers, or sweeping. The next command that writes to the table, or Publish, finishes it.
type ErrUnpublished struct {
	Path string
	Err  error
}

func (e *ErrUnpublished) Error() string {
	return fmt.Sprintf("the rows are committed to the table %s, and readers may still see the snapshot before: %v; the next run finishes it", e.Path, e.Err)
}

func (e *ErrUnpublished) Unwrap() error { return e.Err }

// ErrUnfit says that the file system cannot hold tables.
type ErrUnfit struct {
	Dir, Lacks string
	Err        error
}

func (e *ErrUnfit) Error() string {
	return fmt.Sprintf("the file system of %s has no %s (%v), which tables need; set warehouse to a folder on a local disk such as ext4, xfs, btrfs, APFS or NTFS", e.Dir, e.Lacks, e.Err)
}

func (e *ErrUnfit) Unwrap() error { return e.Err }

// ErrDamaged says that files of the table are missing or not what was written.
type ErrDamaged struct {
	Path   string
	Damage []Damage
}

func (e *ErrDamaged) Error() string {
	if len(e.Damage) == 0 {
		return fmt.Sprintf("the table %s is damaged; `inlay table check` lists the damage, `inlay apply` mends it", e.Path)
	}
	return fmt.Sprintf("the table %s is damaged: %s; `inlay table check` lists all of it, `inlay apply` mends it", e.Path, e.Damage[0])
}

// ErrRow says that a row cannot be kept.
type ErrRow struct{ Column, Problem string }

func (e *ErrRow) Error() string {
	return fmt.Sprintf("a row cannot be kept: its column %q %s", e.Column, e.Problem)
}
