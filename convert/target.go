package convert

func (c *conversion) writeTarget() error {
	b, a := newBlock("target", "parquet", c.facts.table), c.args
	c.target = b
	b.set("source", "source.intercom."+c.facts.table)
	if a.Database != "" {
		b.set("database", literal(a.Database))
	}
	if a.Table != "" {
		b.set("table", literal(a.Table))
	}
	if !a.AutoCreateTable {
		b.say("Without --auto-create-table the database and the table must be there before the first import. Take this line out to have them made.")
		b.set("auto_create", "false")
	}
	c.writeMode(b)
	if err := c.writeTime(b); err != nil {
		return err
	}
	c.writeWhen(b)
	c.writeRest(b)
	return nil
}

func (c *conversion) writeMode(b *block) {
	if c.facts.mode == "replace_on_new_data" && c.facts.incremental && c.facts.stream.cursor {
		c.leave(b, c.file.out.at("mode"), "mode and incremental together mean less here: new rows decide whether the table is replaced, and all rows are read to replace it, not only the new ones.")
	}
	b.set("mode", literal(c.facts.mode))
}

// filterAdvice says what does the work of a filter in inlay.
var filterAdvice = map[string]string{
	"rename":         `a block column "NEW" { from = "OLD" } renames a column.`,
	"column":         `columns = ["*", "-name"] leaves columns out, and column blocks rename and retype them.`,
	"remove_columns": `columns = ["*", "-name"] leaves columns out.`,
	"hash":           `a block column "NAME" { hash = true } hashes a column.`,
	"expand_json":    `a block column "NAME" { from = "custom_attributes.name" } takes a value out of another.`,
}

// writeRest says what is left of out, exec and filters.
func (c *conversion) writeRest(b *block) {
	out := c.file.out
	if typ, err := out.text("type"); err != nil || typ != "" && typ != "td" && typ != "td_internal" {
		c.leave(b, out.at("type"), "`out.type` is not carried over: rows go into Parquet tables.")
	}
	for _, k := range out.others() {
		c.leave(b, out.at(k), "%s is not carried over: a target has no setting for it that convert knows.", out.full(k))
	}
	for _, k := range c.file.exec.others() {
		c.leave(b, c.file.exec.at(k), "%s is not carried over: inlay decides by itself how an import runs.", c.file.exec.full(k))
	}
	for _, f := range c.file.filters {
		if f.seen["type"] {
			continue // carried over, or told of, with the time
		}
		typ, err := f.text("type")
		advice := filterAdvice[typ]
		switch {
		case err != nil || typ == "":
			c.leave(b, f.line, "A filter is not carried over: it does not say what it does.")
		case advice != "":
			c.leave(b, f.line, "The filter %s is not carried over; %s", quoted(typ), advice)
		default:
			c.leave(b, f.line, "The filter %s is not carried over: inlay has none of that kind.", quoted(typ))
		}
	}
}
