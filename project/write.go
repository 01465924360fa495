package project

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Write puts a file in place of the one of that name: readers see the old one or the new
// one, whole. The folder must exist.
func Write(world World, path string, data []byte, perm fs.FileMode) error {
	dir, err := durable.Open(filepath.Dir(path), world.faults())
	if err != nil {
		return err
	}
	err = dir.Replace(filepath.Base(path), data, perm)
	return errors.Join(err, dir.Close())
}
