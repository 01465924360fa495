//go:build linux || darwin

package durable

import "syscall"

// Free is the number of bytes an ordinary user may still write to the folder's disk; -1
// when the system does not say.
func (d *Dir) Free() int64 {
	var st syscall.Statfs_t
	if err := syscall.Statfs(d.path, &st); err != nil {
		return -1
	}
	return int64(st.Bavail) * int64(st.Bsize) //nolint:unconvert // the field's type differs between systems
}
