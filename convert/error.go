package convert

import "fmt"

// Kind tells the errors of a conversion apart.
type Kind string

// The closed set of kinds.
const (
	NotYAML      Kind = "not_yaml"      // the bytes are no YAML, or too many
	NotConnector Kind = "not_connector" // YAML, but not one connector file
	OtherService Kind = "other_service" // a connector for something else than Intercom
	BadValue     Kind = "bad_value"     // a value of the file that means nothing here
	Template     Kind = "template"      // a value that is still to be filled in
	BadArgument  Kind = "bad_argument"  // an argument of the td command, or of Arguments
)

var summaries = map[Kind]string{
	NotYAML:      "Not a YAML file",
	NotConnector: "Not a connector file",
	OtherService: "Connector for another service",
	BadValue:     "Value not understood",
	Template:     "Template not filled in",
	BadArgument:  "Argument not understood",
}

// Error is why a file or a command cannot be converted.
type Error struct {
	Kind   Kind
	Line   int    // of the file, from 1; 0 when no line is to blame
	Detail string // full sentences: what is wrong, why, and what to do
}

// Explain says the error in a few constant words and in full sentences.
func (e *Error) Explain() (summary, detail string) {
	if e.Line > 0 {
		return summaries[e.Kind], fmt.Sprintf("Line %d: %s", e.Line, e.Detail)
	}
	return summaries[e.Kind], e.Detail
}

// Error writes both parts on one line.
func (e *Error) Error() string {
	summary, detail := e.Explain()
	return summary + ": " + detail
}

func fail(kind Kind, line int, format string, args ...any) error {
	return &Error{Kind: kind, Line: line, Detail: fmt.Sprintf(format, args...)}
}
