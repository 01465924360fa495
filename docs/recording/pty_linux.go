package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// openTerminal makes a terminal of a size: what is written to tty is read from own, and
// the other way round, as a person would see and type it.
func openTerminal(columns, rows int) (own, tty *os.File, err error) {
	own, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	var locked, number int32
	size := [4]uint16{uint16(rows), uint16(columns)}
	for _, ask := range []struct {
		request uintptr
		value   unsafe.Pointer
	}{
		{syscall.TIOCSPTLCK, unsafe.Pointer(&locked)}, {syscall.TIOCGPTN, unsafe.Pointer(&number)}, {syscall.TIOCSWINSZ, unsafe.Pointer(&size)},
	} {
		if _, _, no := syscall.Syscall(syscall.SYS_IOCTL, own.Fd(), ask.request, uintptr(ask.value)); no != 0 {
			return nil, nil, fmt.Errorf("no terminal: %w", no)
		}
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		_ = own.Close()
	}
	return own, tty, err
}
