package rest

// PerSecond is how many requests a second the limiter lets through at length; 0 while the
// service has not said what it allows.
func (l *Limiter) PerSecond() float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit == 0 {
		return 0
	}
	return float64(l.budget()) / windowLength.Seconds()
}
