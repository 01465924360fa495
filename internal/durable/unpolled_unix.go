//go:build unix

package durable

import "syscall"

// unpolled opens a file without handing it to the poller, which has no use for files and
// folders and takes four more system calls to find that out.
const unpolled = syscall.O_NONBLOCK
