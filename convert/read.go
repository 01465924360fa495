package convert

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

const largestFile = 1 << 20

// document reads the one YAML document of a file.
func document(yml []byte) (*yaml.Node, error) {
	if len(yml) > largestFile {
		return nil, fail(NotYAML, 0, "The file has %d bytes, and a connector file has at most %d. Name the load.yml itself.", len(yml), largestFile)
	}
	loader, err := yaml.NewLoader(bytes.NewReader(yml))
	if err != nil {
		return nil, err
	}
	var found *yaml.Node
	for {
		var n yaml.Node
		err := loader.Load(&n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, broken(yml, err)
		}
		root := content(&n)
		switch {
		case isNull(root):
		case found != nil:
			return nil, fail(NotConnector, root.Line, "A second YAML document begins here, and each connector is converted by itself. Put each into a file of its own.")
		default:
			found = root
		}
	}
	if found == nil {
		return nil, fail(NotConnector, 0, "The file is empty. A connector file has a section `in:` with type: intercom.")
	}
	return found, nil
}

// broken says what the parser found, without what the file holds: that may be a secret.
func broken(yml []byte, err error) error {
	line, why := 0, ""
	var at *yaml.LoadError
	if errors.As(err, &at) {
		line = at.Mark.Line
		if !strings.ContainsAny(at.Message, "'\"`") {
			why = " (" + at.Message + ")"
		}
	}
	for _, sign := range []string{"{%", "{{"} {
		if bytes.Contains(yml, []byte(sign)) {
			return fail(Template, line, "The file cannot be read as YAML before its template is filled in: it holds %s. Convert what the template makes of it.", sign)
		}
	}
	return fail(NotYAML, line, "This cannot be read as YAML%s. Check the indentation, and that texts with : or # stand in quotes.", why)
}

// content follows a document and aliases to what they stand for.
func content(n *yaml.Node) *yaml.Node {
	for range 100 {
		switch {
		case n == nil:
			return nil
		case n.Kind == yaml.DocumentNode && len(n.Content) > 0:
			n = n.Content[0]
		case n.Kind == yaml.AliasNode:
			n = n.Alias
		default:
			return n
		}
	}
	return nil
}

func isNull(n *yaml.Node) bool {
	return n == nil || n.Kind == 0 || n.Kind == yaml.DocumentNode || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

func isTemplate(text string) bool {
	return strings.Contains(text, "${") || strings.Contains(text, "{{") || strings.Contains(text, "{%")
}
