package providers

import "time"

// Clocked is implemented by a Session whose service tells the time with its answers.
type Clocked interface {
	// Ahead bounds how far this machine's clock is ahead of the service's: both are negative
	// when it is behind. ok is false until an answer has told.
	Ahead() (low, high time.Duration, ok bool)
}
