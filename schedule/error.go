package schedule

// Error is what is wrong with one setting of a schedule, or with the name of a slot.
type Error struct {
	Field      string // cron, timezone, delay, jitter, catchup, or slot
	Problem    string // full sentences: what is wrong and why
	Suggestion string // a full sentence: what to write instead; may be empty
}

// Error joins the problem and the suggestion.
func (e *Error) Error() string {
	if e.Suggestion == "" {
		return e.Problem
	}
	return e.Problem + " " + e.Suggestion
}
