//go:build !linux && !darwin

package durable

// Free is the number of bytes that may still be written to the folder's disk; -1 when the
// system does not say, as here.
func (d *Dir) Free() int64 { return -1 }
