package convert

import "strings"

// stream is what the connector calls a target, and what inlay's stream of that name can do.
type stream struct {
	name   string
	cursor bool // new rows can be told from old ones
	timed  bool // there is a timestamp or integer column
}

// The four targets of the connector. inlay has streams of the same names.
var streams = [...]stream{
	{name: "users", cursor: true, timed: true},
	{name: "conversations", cursor: true, timed: true},
	{name: "segments", timed: true},
	{name: "tags"},
}

var modes = [...]string{"append", "replace", "replace_on_new_data"}

// learn reads what decides about several blocks.
func (c *conversion) learn() (err error) {
	if err := c.service(); err != nil {
		return err
	}
	if c.facts.stream, err = c.streamRead(); err != nil {
		return err
	}
	if c.facts.incremental, err = c.file.in.flag("incremental"); err != nil {
		return err
	}
	if c.facts.mode, err = c.mode(); err != nil {
		return err
	}
	if err := c.place(); err != nil {
		return err
	}
	c.facts.connection = c.args.Connection
	if c.facts.connection == "" {
		c.facts.connection = "main"
	}
	c.facts.table = nameOf(c.args.Table, c.facts.stream.name)
	return nil
}

// service refuses connectors for anything but Intercom.
func (c *conversion) service() error {
	in := c.file.in
	typ, err := in.text("type")
	switch {
	case err != nil:
		return err
	case typ == "":
		return fail(NotConnector, in.line, "`in` does not say what it reads. It needs `type: intercom`.")
	case typ != "intercom":
		return fail(OtherService, in.at("type"), "This connector reads %s, and inlay reads Intercom only (`type: intercom`).", quoted(typ))
	}
	return nil
}

func (c *conversion) streamRead() (stream, error) {
	in := c.file.in
	target, err := in.text("target")
	if err != nil {
		return stream{}, err
	}
	var known []string
	for _, s := range streams {
		if s.name == strings.ToLower(target) {
			return s, nil
		}
		known = append(known, s.name)
	}
	if target == "" {
		return stream{}, fail(BadValue, in.at("target"), "`in.target` is missing, which says what is read. It is one of %s.", strings.Join(known, ", "))
	}
	return stream{}, fail(BadValue, in.at("target"), "`in.target` is %s. It must be one of %s.", quoted(target), strings.Join(known, ", "))
}

func (c *conversion) mode() (string, error) {
	text, err := c.file.out.text("mode")
	if err != nil || text == "" {
		return modes[0], err
	}
	plain := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(text))
	for _, m := range modes {
		if m == plain {
			return m, nil
		}
	}
	return "", fail(BadValue, c.file.out.at("mode"), "`out.mode` is %s, and the connector for Intercom knows %s. Write one of them.", quoted(text), strings.Join(modes[:], ", "))
}

// place takes the database and the table from the file where the arguments have none.
func (c *conversion) place() error {
	out := c.file.out
	for _, n := range []struct {
		key  string
		into *string
	}{{"database", &c.args.Database}, {"table", &c.args.Table}} {
		text, err := out.text(n.key)
		if err != nil {
			return err
		}
		if *n.into == "" {
			*n.into = text
		}
	}
	if out.has("auto_create_table") && !c.args.AutoCreateTable {
		var err error
		if c.args.AutoCreateTable, err = out.flag("auto_create_table"); err != nil {
			return err
		}
	}
	return c.args.check()
}

func (c *conversion) writeSource() error {
	b, in, s := newBlock("source", "intercom", c.facts.table), c.file.in, c.facts.stream
	c.source = b
	b.set("connection", "connection.intercom."+c.facts.connection)
	b.set("stream", literal(s.name))
	incremental := c.facts.incremental
	if incremental && !s.cursor {
		c.leave(b, in.at("incremental"), "incremental is not carried over: the service cannot be asked for new %s only, so each run reads all of them.", s.name)
		incremental = false
	}
	if incremental && c.facts.mode == "replace" {
		c.leave(b, in.at("incremental"), "incremental is not carried over: with mode replace it leaves only the rows of the latest run in the table, and inlay refuses that. Each run reads everything instead.")
		incremental = false
	}
	if incremental {
		b.set("incremental", "true")
	}
	if err := c.writeCursor(incremental); err != nil {
		return err
	}
	for _, k := range in.others() {
		c.leave(b, in.at(k), "%s is not carried over: %s", in.full(k), whyNot(k))
	}
	return nil
}

// writeCursor carries incremental_column over, which Treasure Data's connectors share.
func (c *conversion) writeCursor(incremental bool) error {
	column, err := c.file.in.text("incremental_column")
	if err != nil || column == "" {
		return err
	}
	line := c.file.in.at("incremental_column")
	switch {
	case !incremental:
		c.leave(c.source, line, "incremental_column is not carried over: each run reads everything.")
	case column == "created_at" || column == "updated_at":
		c.source.set("cursor", literal(column))
	default:
		c.leave(c.source, line, "incremental_column is not carried over: rows can be told by created_at or by updated_at, and it names %s. Without a cursor it is created_at.", quoted(column))
	}
	return nil
}

// whyNot says why a key under `in` has no counterpart. Values are not shown: what is not
// known may be a secret.
func whyNot(key string) string {
	key = strings.ToLower(key)
	for _, w := range []struct{ part, why string }{
		{"retry", "inlay repeats failed requests by itself, within a budget."},
		{"timeout", "a timeout of the connection bounds an import as a whole."},
		{"rate", "inlay keeps to the limit that the service announces; rate_limit of the connection says which share of it."},
		{"thread", "inlay decides by itself how many requests run side by side."},
		{"start", "since says from when on rows are read, as a date."},
		{"from", "since says from when on rows are read, as a date."},
		{"column", "columns and column blocks of the target choose and rename columns."},
	} {
		if strings.Contains(key, w.part) {
			return w.why
		}
	}
	return "a source has no setting for it that convert knows. `inlay schema` lists what there is."
}
