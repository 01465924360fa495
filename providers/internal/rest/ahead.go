package rest

import "time"

// Ahead bounds how far this machine's clock is ahead of the service's, as far as the Date
// of answers tells. ok is false until one came.
func (c *Client) Ahead() (low, high time.Duration, ok bool) {
	l := c.Lease.Limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.skew.low, l.skew.high, l.skew.known
}
