package convert

// added is the name of the column that inlay adds to a table without a time_column.
const added = "time"

// writeTime writes by which time rows are partitioned: the column that was asked for, the
// one that the filter add_time makes, or the first that would do.
func (c *conversion) writeTime(b *block) error {
	column, err := c.file.out.text("time_column")
	if err != nil {
		return err
	}
	if c.args.TimeColumn != "" {
		column = c.args.TimeColumn
	}
	filters, err := c.addTimes()
	if err != nil {
		return err
	}
	done := false
	for _, f := range filters {
		switch {
		case !done && f.serves(column):
			if done = c.writeAddTime(b, f); !done {
				column = "" // nothing makes it
			}
		case done || column != "":
			c.leave(b, f.line, "The filter add_time that makes %s is not carried over: rows are partitioned by one time, and there is another already.", quoted(f.to))
		default:
			c.leave(b, f.line, "The filter add_time that makes %s is not carried over: inlay adds a column of time under the name time only.", quoted(f.to))
		}
	}
	if !done {
		c.writeColumn(b, column)
	}
	return nil
}

// writeColumn writes the time column that was asked for, or has one chosen.
func (c *conversion) writeColumn(b *block, column string) {
	switch {
	case column == added:
		c.leave(b, 0, "The time column %s is not carried over: Intercom sends no column of that name. One is added that holds when a row was uploaded.", quoted(column))
	case column != "":
		b.set("time_column", literal(column))
	case !c.facts.stream.timed:
		b.say("No column of %s is a time. A column time is added that holds when a row was uploaded.", c.facts.stream.name)
	default:
		b.set("time_column", literal("auto"))
	}
}
