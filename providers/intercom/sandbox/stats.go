package sandbox

import "maps"

// Stats is what a workspace has been asked so far.
type Stats struct {
	// Requests to the API; requests to /_sandbox do not count.
	Requests int `json:"requests"`
	// Calls by endpoint, such as "POST /contacts/search".
	Calls map[string]int `json:"calls"`
	// Statuses of the answers.
	Statuses map[int]int `json:"statuses"`
	// Throttled is the number of 429 answers for exceeding the rate limit.
	Throttled int `json:"throttled"`
	// MaxConcurrent is how many requests were in hand at once at most.
	MaxConcurrent int `json:"max_concurrent"`
	// BusiestWindow is how many requests the fullest 10-second window saw.
	BusiestWindow int `json:"busiest_window"`
	// Rows is the number of objects sent, parts not counted.
	Rows int `json:"rows"`
	// Spoiled is how many requests met a fault.
	Spoiled int `json:"spoiled"`
}

type counters struct {
	total, throttled, busiest int
	rows, spoiled, now, most  int
	calls                     map[string]int
	statuses                  map[int]int
}

func newCounters() counters {
	return counters{calls: map[string]int{}, statuses: map[int]int{}}
}

func (c *counters) begin() {
	c.total++
	c.now++
	c.most = max(c.most, c.now)
}

func (c *counters) end(status int) {
	c.now--
	c.statuses[status]++
}

// Stats returns what the workspace has been asked so far.
func (w *Workspace) Stats() Stats {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &w.stats
	return Stats{s.total, maps.Clone(s.calls), maps.Clone(s.statuses), s.throttled, s.most, s.busiest, s.rows, s.spoiled}
}

// ResetStats starts counting anew.
func (w *Workspace) ResetStats() {
	w.mu.Lock()
	defer w.mu.Unlock()
	busy := w.stats.now
	w.stats = newCounters()
	w.stats.now, w.stats.most = busy, busy
}
