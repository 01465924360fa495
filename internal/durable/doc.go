// Package durable writes files that survive: a file it has written is old or new, never
// torn, also after a crash or power loss, because each step is on the disk before the next.
//
// It is the only way anything of ours writes to disk, so a test can count the operations,
// fail any one of them, or forget what was not synced.
package durable
