package state

import (
	"errors"
	"fmt"

	"github.com/inlay-sync/inlay/addr"
)

// What can be wrong with a state file, for errors.Is. Each comes in a *FileError.
var (
	ErrEmpty     = errors.New("the state file is empty")
	ErrTruncated = errors.New("the state file is cut off")
	ErrCorrupt   = errors.New("the state file is not as it was written")
	ErrForeign   = errors.New("the file is not a state of inlay")
	ErrNewer     = errors.New("the state was written by a newer inlay")
)

// ErrChanged says that a state to be saved does not follow the one on disk: another
// command has written since it was loaded. It comes in a *FileError.
var ErrChanged = errors.New("the state was changed by another command")

// FileError is a state file that cannot be read, or not be written over.
type FileError struct {
	Path   string // as the store was opened with
	Err    error  // one of the errors above
	Detail string // full sentences: what was found, and what to do
}

// Error names the file, the kind and the detail.
func (e *FileError) Error() string { return fmt.Sprintf("%s: %v. %s", e.Path, e.Err, e.Detail) }

// Unwrap returns the kind.
func (e *FileError) Unwrap() error { return e.Err }

// Explain says the error in a few constant words and in full sentences.
func (e *FileError) Explain() (summary, detail string) {
	summary = map[error]string{
		ErrEmpty:     "State file is empty",
		ErrTruncated: "State file is cut off",
		ErrCorrupt:   "State file is damaged",
		ErrForeign:   "Not a state file",
		ErrNewer:     "State of a newer version",
		ErrChanged:   "State was changed meanwhile",
	}[e.Err]
	return summary, fmt.Sprintf("The file is %s. %s", e.Path, e.Detail)
}

// LockedError says that another command holds the lock of a state.
type LockedError struct {
	Path   string // of the lock file, or URL of the lease
	Holder Holder // zero when it has not said who it is
	Err    error
}

// Error names the holder.
func (e *LockedError) Error() string {
	_, detail := e.Explain()
	return detail
}

// Unwrap returns the cause: a *durable.HeldError, and the context's error if that ended the wait.
func (e *LockedError) Unwrap() error { return e.Err }

// Explain says who holds the lock and what to do.
func (e *LockedError) Explain() (summary, detail string) {
	return "State is locked", fmt.Sprintf("%s holds the lock %s. Wait for it to end, or give a longer -lock-timeout. %s", e.Holder, e.Path, e.Holder.Ends())
}

// EntryError is an address that cannot be moved or removed in a state.
type EntryError struct {
	Address addr.Address
	Problem string // full sentences: what is wrong and what to do
}

// Error names the address.
func (e *EntryError) Error() string { return e.Address.String() + ": " + e.Problem }

// Explain says the problem.
func (e *EntryError) Explain() (summary, detail string) {
	return "State entry cannot be changed", e.Error()
}
