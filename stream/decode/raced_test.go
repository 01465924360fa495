//go:build race

package decode

// raced says that the race detector is on, under which padding allocates.
const raced = true
