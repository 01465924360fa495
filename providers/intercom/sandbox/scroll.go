package sandbox

// scroll is the one scroll over companies that a workspace may have open.
type scroll struct {
	refused         int
	expired, failed bool
}
