package stream

import (
	"encoding/json"
	"time"
)

// writtenCalls are Calls as they are written down: times are in seconds everywhere.
type writtenCalls struct {
	Requests  int64   `json:"requests"`
	Retries   int64   `json:"retries"`
	Throttled int64   `json:"throttled"`
	Waited    float64 `json:"waited_seconds"`
}

// MarshalJSON writes the time that was waited in seconds.
func (c Calls) MarshalJSON() ([]byte, error) {
	return json.Marshal(writtenCalls{c.Requests, c.Retries, c.Throttled, c.Waited.Seconds()})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Calls) UnmarshalJSON(data []byte) error {
	var w writtenCalls
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*c = Calls{w.Requests, w.Retries, w.Throttled, time.Duration(w.Waited * float64(time.Second))}
	return nil
}
