package durable

import (
	"io/fs"
	"strings"
	"time"
)

// Entry describes what stands in a Folder.
type Entry struct {
	Dir      bool
	Size     int64
	Modified time.Time
}

// inside refuses a name of anything but what stands in a folder or in one below it.
func inside(op, name string) error {
	if !fs.ValidPath(name) || name == "." || strings.Contains(name, "\x00") {
		return &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	return nil
}
