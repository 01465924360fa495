package project

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Write puts a file in place of the one of that name: readers see the old one or the new
// one, whole. Folders that are missing are made.
func Write(world World, path string, data []byte, perm fs.FileMode) error {
	dir, err := durable.Make(filepath.Dir(path), 0o755, world.faults())
	if err != nil {
		return err
	}
	err = dir.Replace(filepath.Base(path), data, perm)
	return errors.Join(err, dir.Close())
}
