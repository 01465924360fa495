package convert

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// section is a mapping of the file. It knows which of its keys were looked at, so that the
// others can be told of.
type section struct {
	path   string // "in", "filters[0].to_column"; "" for the whole file
	line   int
	keys   []string // in the order of the text, merged ones last
	values map[string]value
	seen   map[string]bool
	merges int // mappings that were taken in
}

type value struct {
	node *yaml.Node
	line int // of the key
}

// sectionOf reads a mapping; an absent or null node is an empty section.
func sectionOf(path string, n *yaml.Node) (*section, error) {
	s := emptySection()
	s.path = path
	n = content(n)
	if isNull(n) {
		return s, nil
	}
	s.line = n.Line
	if n.Kind != yaml.MappingNode {
		return nil, fail(NotConnector, n.Line, "%s must hold names with values (`type: intercom`), and it does not.", s.called())
	}
	return s, s.merge(n)
}

func emptySection() *section {
	return &section{values: map[string]value{}, seen: map[string]bool{}}
}

const mostMerges = 100

// merge takes the keys of a mapping in, and those that `<<` brings unless they are there.
func (s *section) merge(n *yaml.Node) error {
	if s.merges++; s.merges > mostMerges {
		return fail(NotConnector, n.Line, "The merge keys (`<<`) of %s bring in more than %d mappings, or one brings in itself. Write out what is meant.", s.called(), mostMerges)
	}
	var merged []*yaml.Node
	own := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := content(n.Content[i]), content(n.Content[i+1])
		if key == nil || key.Kind != yaml.ScalarNode {
			return fail(NotConnector, n.Content[i].Line, "%s has a key that is no plain word. If it is a template (`{{ … }}`), fill it in first.", s.called())
		}
		name := key.Value
		switch {
		case name == "<<" && val != nil && val.Kind == yaml.SequenceNode:
			merged = append(merged, val.Content...)
		case name == "<<":
			merged = append(merged, val)
		case own[name]:
			return fail(NotConnector, key.Line, "%s is given twice, and which one counts cannot be told. Take one out.", s.full(name))
		default:
			own[name] = true
			if _, there := s.values[name]; !there {
				s.keys = append(s.keys, name)
				s.values[name] = value{val, n.Content[i].Line}
			}
		}
	}
	for _, m := range merged {
		if m = content(m); m == nil || m.Kind != yaml.MappingNode {
			return fail(NotConnector, n.Line, "A merge key (`<<`) of %s does not name a mapping.", s.called())
		}
		if err := s.merge(m); err != nil {
			return err
		}
	}
	return nil
}

func (s *section) called() string {
	if s.path == "" {
		return "The file"
	}
	return "`" + s.path + "`"
}

var plainKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,39}$`)

// full names a key with its way from the top. A key that is no plain word is not shown.
func (s *section) full(name string) string {
	if !plainKey.MatchString(name) {
		name = "(a key)"
	}
	if s.path != "" {
		name = s.path + "." + name
	}
	return "`" + name + "`"
}

// has reports whether a key is there with a value, and counts as having looked at it.
func (s *section) has(name string) bool {
	s.seen[name] = true
	v, ok := s.values[name]
	return ok && !isNull(v.node)
}

// among lists those of some keys that are there with a value, in the order of the text.
func (s *section) among(names []string) []string {
	var out []string
	for _, k := range s.keys {
		if slices.Contains(names, k) && s.has(k) {
			out = append(out, k)
		}
	}
	return out
}

// are begins a sentence about keys: "`in.a` and `in.b` are".
func (s *section) are(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, s.full(n))
	}
	if len(out) == 1 {
		return out[0] + " is"
	}
	return strings.Join(out[:len(out)-1], ", ") + " and " + out[len(out)-1] + " are"
}

// at is the line of a key, or that of the section.
func (s *section) at(name string) int {
	if v, ok := s.values[name]; ok {
		return v.line
	}
	return s.line
}

// text reads a plain value; an absent or null one is "".
func (s *section) text(name string) (string, error) {
	if !s.has(name) {
		return "", nil
	}
	n := s.values[name].node
	if n.Kind != yaml.ScalarNode {
		return "", fail(BadValue, n.Line, "%s must be one value. If this is a template (`{{ … }}`), write the value it stands for.", s.full(name))
	}
	if isTemplate(n.Value) {
		return "", fail(Template, n.Line, "%s is still to be filled in, and what it will be decides what is converted. Write the value it stands for.", s.full(name))
	}
	return strings.TrimSpace(n.Value), nil
}

// flag reads a truth value in any of YAML's spellings.
func (s *section) flag(name string) (bool, error) {
	text, err := s.text(name)
	if err != nil {
		return false, err
	}
	switch strings.ToLower(text) {
	case "":
		return false, nil
	case "true", "yes", "on", "y":
		return true, nil
	case "false", "no", "off", "n":
		return false, nil
	}
	return false, fail(BadValue, s.at(name), "%s must be true or false.", s.full(name))
}

// inner reads a mapping below a key; an absent one is empty.
func (s *section) inner(name string) (*section, error) {
	s.seen[name] = true
	path := name
	if s.path != "" {
		path = s.path + "." + name
	}
	return sectionOf(path, s.values[name].node)
}

// others lists the keys that nothing has looked at, in the order of the text.
func (s *section) others() []string {
	return slices.DeleteFunc(slices.Clone(s.keys), func(k string) bool { return s.seen[k] })
}

// list reads a list of mappings below a key.
func (s *section) list(name string) ([]*section, error) {
	if !s.has(name) {
		return nil, nil
	}
	n := s.values[name].node
	if n.Kind != yaml.SequenceNode {
		return nil, fail(NotConnector, n.Line, "%s must be a list (`- type: add_time`).", s.full(name))
	}
	var out []*section
	for i, item := range n.Content {
		inner, err := sectionOf(fmt.Sprintf("%s[%d]", name, i), item)
		if err != nil {
			return nil, err
		}
		if inner.line == 0 {
			inner.line = item.Line
		}
		out = append(out, inner)
	}
	return out, nil
}
