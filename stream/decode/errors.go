package decode

import "fmt"

// Kind says what was wrong with a text.
type Kind string

// The closed set of kinds.
const (
	NotJSON   Kind = "not_json"   // the text is not JSON, or ends early
	TooDeep   Kind = "too_deep"   // values nest deeper than Options.MaxDepth
	TooLarge  Kind = "too_large"  // one value is longer than Options.MaxValue
	NotObject Kind = "not_object" // a row, or the page itself, is not an object
	NoList    Kind = "no_list"    // the page does not have its list exactly once
)

// Error is a text that could not be decoded. It never quotes the text, which may hold
// personal data.
type Error struct {
	Kind    Kind
	Offset  int // bytes from the start of the text
	Element int // index in the page's list; -1 outside it
	Problem string
}

func (e *Error) Error() string {
	where := ""
	if e.Element >= 0 {
		where = fmt.Sprintf(" in element %d", e.Element)
	}
	return fmt.Sprintf("the service's answer cannot be decoded: at byte %d%s, %s", e.Offset, where, e.Problem)
}
