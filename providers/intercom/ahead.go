package intercom

import "time"

// Ahead bounds how far this machine's clock is ahead of Intercom's.
func (s *session) Ahead() (low, high time.Duration, ok bool) { return s.client.Ahead() }
