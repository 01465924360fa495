// Package addr defines the address: the one name by which a declared block is known in
// configuration, state, plan, manifests and on the command line.
//
// An Address is a comparable value, so it can key a map. Its text form is
//
//	connection.intercom.acme
//	target.parquet.all["tags"]
//	module.eu.schedule.nightly
//
// and Parse(a.String()) == a for every valid address.
package addr

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Kind is the kind of block an address names.
type Kind string

// The four kinds of declared blocks, in the order in which they depend on each other.
const (
	Connection Kind = "connection"
	Source     Kind = "source"
	Target     Kind = "target"
	Schedule   Kind = "schedule"
)

// Address names one block, or one instance of a block under for_each.
type Address struct {
	Module string // "" at the root; otherwise "module.eu", nested ones joined by dots, keys included
	Kind   Kind
	Type   string // the provider or table format; "" for a schedule
	Name   string
	Key    string // the for_each key; meaningful when Keyed
	Keyed  bool
}

// String returns the text form.
func (a Address) String() string {
	var b strings.Builder
	if a.Module != "" {
		b.WriteString(a.Module + ".")
	}
	b.WriteString(string(a.Kind))
	if a.Kind != Schedule {
		b.WriteString("." + a.Type)
	}
	b.WriteString("." + a.Name)
	if a.Keyed {
		b.WriteString("[" + strconv.Quote(a.Key) + "]")
	}
	return b.String()
}

// IsZero reports whether a names nothing.
func (a Address) IsZero() bool { return a == Address{} }

// MarshalText writes the text form, so that addresses can be keys and values of JSON.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the text form; the empty text is the zero Address.
func (a *Address) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*a = Address{}
		return nil
	}
	p, err := Parse(string(text))
	if err != nil {
		return err
	}
	*a = p
	return nil
}

// Compare orders addresses by module, kind (in dependency order), type, name and key.
func (a Address) Compare(b Address) int {
	if c := strings.Compare(a.Module, b.Module); c != 0 {
		return c
	}
	if c := rank(a.Kind) - rank(b.Kind); c != 0 {
		return c
	}
	if c := cmp.Or(strings.Compare(a.Type, b.Type), strings.Compare(a.Name, b.Name), strings.Compare(a.Key, b.Key)); c != 0 {
		return c
	}
	switch {
	case a.Keyed == b.Keyed:
		return 0
	case b.Keyed:
		return -1
	}
	return 1
}

func rank(k Kind) int {
	switch k {
	case Connection:
		return 0
	case Source:
		return 1
	case Target:
		return 2
	}
	return 3
}

// Parse reads the text form. The error says what an address looks like.
func Parse(text string) (Address, error) {
	steps, err := split(text)
	if err != nil {
		return Address{}, fmt.Errorf("%q is not an address: %w; an address looks like target.parquet.users or target.parquet.all[\"tags\"]", text, err)
	}
	a, err := fromSteps(steps)
	if err != nil {
		return Address{}, fmt.Errorf("%q is not an address: %w; an address looks like target.parquet.users or target.parquet.all[\"tags\"]", text, err)
	}
	return a, nil
}

type step struct {
	name  string
	key   string
	keyed bool
}

func split(text string) ([]step, error) {
	var steps []step
	for text != "" {
		n := 0
		for n < len(text) && isNameByte(text[n], n) {
			n++
		}
		if n == 0 {
			return nil, fmt.Errorf("a name is missing before %q", text)
		}
		s := step{name: text[:n]}
		text = text[n:]
		if strings.HasPrefix(text, "[") {
			quoted, err := strconv.QuotedPrefix(text[1:])
			if err != nil || quoted[0] != '"' || !strings.HasPrefix(text[1+len(quoted):], "]") {
				return nil, fmt.Errorf("a key is written [\"key\"]")
			}
			s.key, _ = strconv.Unquote(quoted)
			s.keyed = true
			text = text[len(quoted)+2:]
		}
		steps = append(steps, s)
		if text == "" {
			return steps, nil
		}
		if text[0] != '.' || len(text) == 1 {
			return nil, fmt.Errorf("%q does not belong there", text)
		}
		text = text[1:]
	}
	return nil, fmt.Errorf("it is empty")
}

func isNameByte(c byte, at int) bool {
	switch {
	case c == '_', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return true
	case c == '-', '0' <= c && c <= '9':
		return at > 0
	}
	return false
}

func fromSteps(steps []step) (Address, error) {
	var a Address
	for len(steps) >= 2 && steps[0].name == "module" && !steps[0].keyed {
		m := "module." + steps[1].name
		if steps[1].keyed {
			m += "[" + strconv.Quote(steps[1].key) + "]"
		}
		if a.Module != "" {
			a.Module += "."
		}
		a.Module += m
		steps = steps[2:]
	}
	if len(steps) == 0 {
		return a, fmt.Errorf("no block is named")
	}
	a.Kind = Kind(steps[0].name)
	want := 3
	switch a.Kind {
	case Connection, Source, Target:
	case Schedule:
		want = 2
	default:
		return a, fmt.Errorf("%q is not a kind of block (connection, source, target, schedule)", steps[0].name)
	}
	if len(steps) != want {
		return a, fmt.Errorf("%s takes %d names after it", a.Kind, want-1)
	}
	for _, s := range steps[:want-1] {
		if s.keyed {
			return a, fmt.Errorf("only the last name takes a key")
		}
	}
	if want == 3 {
		a.Type = steps[1].name
	}
	last := steps[want-1]
	a.Name, a.Key, a.Keyed = last.name, last.key, last.keyed
	return a, nil
}
