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

// direct refuses a name of anything but what stands directly in a folder.
func direct(op, name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
		return &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	return nil
}
