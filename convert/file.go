package convert

import (
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/lang"
)

// Note is one thing that was not carried over as it was. The text holds a comment that says
// the same.
type Note struct {
	Line int    // of the connector file, from 1; 0: it comes from the arguments
	Text string // a full sentence
}

// File converts a connector file. The text it returns is complete and formatted. Its errors
// are *Error, but for a mistake of inlay itself.
func File(yml []byte, args Arguments) (hcl string, notes []Note, err error) {
	if err := args.check(); err != nil {
		return "", nil, err
	}
	f, err := open(yml)
	if err != nil {
		return "", nil, err
	}
	c := &conversion{file: f, args: args}
	if err := c.run(); err != nil {
		return "", nil, err
	}
	text, diags := lang.Format([]byte(c.text()), "converted.hcl")
	if diags.HasErrors() {
		return "", nil, fmt.Errorf("what the conversion wrote is not HCL, which is a mistake of inlay: %w", diags)
	}
	return string(text), c.notes, nil
}

// file is a connector file in its four parts.
type file struct {
	root, in, out, exec *section
	filters             []*section
}

// open reads the file in any of the forms that td accepts: with `in`, under a lone
// `config`, or with what belongs under `in` at the top.
func open(yml []byte) (*file, error) {
	n, err := document(yml)
	if err != nil {
		return nil, err
	}
	f := &file{}
	if f.root, err = sectionOf("", n); err != nil {
		return nil, err
	}
	if !f.root.has("in") && f.root.has("config") {
		if others := f.root.others(); len(others) > 0 {
			return nil, fail(NotConnector, f.root.at(others[0]), "Beside `config` there may be nothing else in the file, and td refuses it too. Move %s under `config`, or take it out.", f.root.full(others[0]))
		}
		if f.root, err = sectionOf("", f.root.values["config"].node); err != nil {
			return nil, err
		}
	}
	return f, f.divide()
}

func (f *file) divide() (err error) {
	if !f.root.has("in") && !f.root.has("type") {
		return fail(NotConnector, 0, "The file has no section `in:` that says what is read. A connector file begins with `in:` and `type: intercom`.")
	}
	if !f.root.has("in") {
		f.in, f.root = f.root, emptySection()
		f.in.path = "in"
	} else if f.in, err = f.root.inner("in"); err != nil {
		return err
	}
	f.in.seen = map[string]bool{}
	if f.out, err = f.root.inner("out"); err != nil {
		return err
	}
	if f.exec, err = f.root.inner("exec"); err != nil {
		return err
	}
	f.filters, err = f.root.list("filters")
	return err
}

// conversion is one conversion under way.
type conversion struct {
	file  *file
	args  Arguments
	facts facts
	notes []Note

	top                                  []string // comments before the first block
	connection, source, target, schedule *block
}

// facts are what several blocks are written from.
type facts struct {
	stream      stream
	incremental bool
	mode        string
	connection  string // names of blocks
	table       string
	schedule    string // "": none
}

func (c *conversion) run() error {
	for _, part := range []func() error{c.learn, c.writeConnection, c.writeSchedule, c.writeSource, c.writeTarget} {
		if err := part(); err != nil {
			return err
		}
	}
	for _, k := range c.file.root.others() {
		text := fmt.Sprintf("%s is not carried over: convert reads in, out, filters and exec.", c.file.root.full(k))
		c.top = append(c.top, comment(text)...)
		c.notes = append(c.notes, Note{c.file.root.at(k), text})
	}
	slices.SortStableFunc(c.notes, func(a, b Note) int { return a.Line - b.Line })
	return nil
}

// leave says in the text and in a note that something is not carried over.
func (c *conversion) leave(b *block, line int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	b.say("%s", text)
	c.notes = append(c.notes, Note{line, text})
}

// text puts the blocks one after the other.
func (c *conversion) text() string {
	lines := comment("Converted from a Treasure Data connector. Comments say what differs.")
	lines = append(lines, c.top...)
	for _, b := range []*block{c.connection, c.source, c.target, c.schedule} {
		if b != nil {
			lines = append(append(lines, ""), b.lines()...)
		}
	}
	var text []byte
	for _, l := range lines {
		text = append(append(text, l...), '\n')
	}
	return string(text)
}
