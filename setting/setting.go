// Package setting defines the setting: one attribute of a block, declared once as data.
//
// The room behind a block kind declares its settings (a provider its connection's and
// sources', table the target's, schedule the schedule's), and everyone else reads that one
// declaration: lang decodes and checks by it, plan compares by it, redaction follows it,
// and the reference documentation is printed from it.
package setting

import "reflect"

// Kind is the type of a setting's value.
type Kind string

// The closed set of kinds, with the Go form their values take in Values.
const (
	String    Kind = "string"    // string
	Int       Kind = "int"       // int64
	Float     Kind = "float"     // float64
	Bool      Kind = "bool"      // bool
	Duration  Kind = "duration"  // string as written, a Go duration with d and w allowed ("30m", "90d")
	Size      Kind = "size"      // string as written ("128MiB")
	Strings   Kind = "strings"   // []any of string
	Map       Kind = "map"       // map[string]any of any of these
	Any       Kind = "any"       // any of these; what the service is handed as it is
	Reference Kind = "reference" // string, the address of the block it names
	Block     Kind = "block"     // map[string]any; with Repeated []any of map[string]any, the label under Label
)

// Setting declares one attribute or nested block.
type Setting struct {
	Name     string
	Kind     Kind
	Doc      string   // one sentence or two, for people
	Default  any      // in the Go form of Kind; nil when there is none
	Required bool     // must be written
	Values   []string // the allowed values of a String or of the elements of Strings; empty: any
	RefKind  string   // Reference: the kind of block it must name ("connection", "source", "schedule")
	Check    Check    // a well-known form that a String must have
	// Ephemeral values reach no state, plan, log, error or table, and may stay unset
	// where a command does not need them.
	Ephemeral  bool
	Deprecated string    // why, and what to use; empty: not deprecated
	Fields     []Setting // Block: what stands inside
	Label      string    // Block: the field that holds the block's label; empty: no label
	Repeated   bool      // Block: may stand more than once
	// Place: a String that says where what the block makes stands, rather than what it is. It is
	// no part of Values, nor is a Reference: blocks that differ in nothing else have the same.
	Place bool
}

// Check names a well-known form of a String.
type Check string

// The closed set of checks.
const (
	CheckNone  Check = ""
	CheckZone  Check = "zone"       // an IANA zone
	CheckCron  Check = "cron"       // a cron expression
	CheckName  Check = "name"       // letters, digits and _ only: a part of a table's path
	CheckURL   Check = "url"        // an absolute http or https URL
	CheckSince Check = "since"      // an RFC 3339 date or time, or an age such as "90d"
	CheckExpr  Check = "expression" // an expression over columns, kept as its source text
)

// Values are the settings of one block by name, in the Go forms that Kind names. Absent
// and nil both mean "not set"; defaults are filled in by whoever decodes. Only storable
// values stand here: ephemeral ones travel as Secret.
type Values map[string]any

// String returns the string under name, or "".
func (v Values) String(name string) string { s, _ := v[name].(string); return s }

// Int returns the integer under name, or 0. Values read back from JSON count too.
func (v Values) Int(name string) int64 {
	switch n := v[name].(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case float64:
		return int64(n)
	}
	return 0
}

// Float returns the number under name, or 0.
func (v Values) Float(name string) float64 {
	switch n := v[name].(type) {
	case float64:
		return n
	case int64:
		return float64(n)
	case int:
		return float64(n)
	}
	return 0
}

// Bool returns the bool under name, or false.
func (v Values) Bool(name string) bool { b, _ := v[name].(bool); return b }

// Has reports whether name is set.
func (v Values) Has(name string) bool { return v[name] != nil }

// Strings returns the list under name, or nil.
func (v Values) Strings(name string) []string {
	list, _ := v[name].([]any)
	var out []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Block returns the nested block under name, or nil.
func (v Values) Block(name string) Values {
	switch m := v[name].(type) {
	case map[string]any:
		return m
	case Values:
		return m
	}
	return nil
}

// Blocks returns the repeated block under name in written order.
func (v Values) Blocks(name string) []Values {
	list, _ := v[name].([]any)
	var out []Values
	for _, e := range list {
		switch m := e.(type) {
		case map[string]any:
			out = append(out, m)
		case Values:
			out = append(out, m)
		}
	}
	return out
}

// Is reports whether two are one map, which nobody may change then. It holds for as long as one of them is kept.
func (v Values) Is(w Values) bool {
	return v != nil && reflect.ValueOf(v).Pointer() == reflect.ValueOf(w).Pointer()
}

// Equal reports whether two blocks' values are the same, in the same Go forms.
func (v Values) Equal(w Values) bool {
	if len(v) != len(w) {
		return false
	}
	for name, value := range v {
		other, ok := w[name]
		if text, is := value.(string); is {
			if other != any(text) {
				return false
			}
		} else if !ok || !reflect.DeepEqual(other, value) {
			return false
		}
	}
	return true
}

// Secret is an ephemeral value. It prints as "(secret)" in every form, so that it cannot
// reach a log, an error or a file by accident; Reveal is the one way to the value.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the value, for the one place that sends it to its service.
func (s Secret) Reveal() string { return s.value }

// IsZero reports whether there is no value.
func (s Secret) IsZero() bool { return s.value == "" }

// String redacts.
func (s Secret) String() string { return "(secret)" }

// GoString redacts.
func (s Secret) GoString() string { return "(secret)" }

// MarshalJSON redacts.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"(secret)"`), nil }

// Secrets are the ephemeral settings of one block by name; of a nested block by
// "block.name" ("oauth.client_secret").
type Secrets map[string]Secret
