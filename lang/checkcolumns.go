package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

const (
	autoTime  = "auto"        // the time_column that is to be found
	addedTime = "time"        // what a table adds without a time_column
	deletedAt = "_deleted_at" // what it adds with deletes = "mark"
)

// checkTime checks time_column, resolves "auto", and sees to it that an added column time
// does not meet one that is there.
func (l *load) checkTime(t *Target) {
	column := t.Settings.String("time_column")
	if t.broken["time_column"] || t.broken["time"] || t.broken["time.from"] {
		return // reported
	}
	would := timeColumns(t.Shape)
	if b := t.Settings.Block("time"); b != nil {
		l.checkTimeBlock(t, b, column)
		return
	}
	switch {
	case column == "":
		l.checkTimeFree(t, would)
	case column == autoTime && len(would) == 0:
		l.blame(sumTimeColumn, &t.Block, "time_column", "\"auto\" takes the first timestamp or integer column, and the stream %q has none. Leave time_column out: a column time is then added that holds when the row was uploaded.", t.Stream.Name)
	case column == autoTime:
		l.resolve(&t.Block, setting.Values{"time_column": would[0], "time_column_auto": true})
	case !slices.Contains(would, column):
		l.badTimeColumn(t, column, would)
	}
}

func (l *load) badTimeColumn(t *Target, column string, would []string) {
	ways := "The stream has no column that would do; leave time_column out."
	if len(would) > 0 {
		ways = "These would do: " + quotedList(would, "and") + "."
	}
	if near := addr.Nearest(column, would); near != "" && !hasField(t.Shape, column) {
		ways = fmt.Sprintf("Did you mean %q?", near)
	}
	if !hasField(t.Shape, column) {
		l.blame(sumTimeColumn, &t.Block, "time_column", "The table has no column %q. %s", column, ways)
		return
	}
	at := slices.IndexFunc(t.Shape.Fields, func(f stream.Field) bool { return f.Name == column })
	l.blame(sumTimeColumn, &t.Block, "time_column", "Rows are partitioned by a timestamp or an integer that counts seconds since 1970, and %q is a %s. %s", column, t.Shape.Fields[at].Type, ways)
}

func (l *load) checkTimeBlock(t *Target, b setting.Values, column string) {
	from := b.String("from")
	switch {
	case column != "":
		l.blame(sumTimeColumn, &t.Block, "time", "time_column names a column of the stream and the block time adds one; a table has one of the two. Take one out.")
	case from != "" && !hasField(t.Shape, from):
		l.blame(sumTimeColumn, &t.Block, "time.from", "The table has no column %q.%s", from, hint(from, fieldNames(t.Shape)))
	default:
		l.checkTimeFree(t, timeColumns(t.Shape))
	}
}

func (l *load) checkTimeFree(t *Target, would []string) {
	at := slices.IndexFunc(t.Shape.Fields, func(f stream.Field) bool { return strings.EqualFold(f.Name, addedTime) })
	if at < 0 {
		return
	}
	name := t.Shape.Fields[at].Name
	way := "Rename it with a block column \"event_time\" { from = \"" + name + "\" }."
	if slices.Contains(would, name) {
		way = "Partition by it with time_column = \"" + name + "\", or rename it with a block column \"event_time\" { from = \"" + name + "\" }."
	}
	l.blame(sumTimeTaken, &t.Block, "source", "Without a time_column a table gets a column time of its own, but the stream %q has a column of that name. %s", t.Stream.Name, way)
}

// timeColumns lists the columns that rows can be partitioned by, in declared order.
func timeColumns(sh stream.Shape) []string {
	var out []string
	for _, f := range sh.Fields {
		if f.Type.Kind == stream.Timestamp || f.Type.Kind == stream.Int {
			out = append(out, f.Name)
		}
	}
	return out
}

func hasField(sh stream.Shape, name string) bool {
	return slices.ContainsFunc(sh.Fields, func(f stream.Field) bool { return f.Name == name })
}

func fieldNames(sh stream.Shape) []string {
	out := make([]string, len(sh.Fields))
	for i, f := range sh.Fields {
		out[i] = f.Name
	}
	return out
}

// tableColumns lists what sort_by and expectations may name: every column of the table.
func tableColumns(t *Target) []string {
	out := fieldNames(t.Shape)
	if !t.Settings.Has("time_column") {
		out = append(out, addedTime)
	}
	if t.Settings.String("deletes") == "mark" {
		out = append(out, deletedAt)
	}
	if !t.Shape.NoRest {
		out = append(out, stream.Rest)
	}
	return out
}

// checkColumnLists checks the columns that sort_by and the expectations name.
func (l *load) checkColumnLists(t *Target) {
	if !t.Settings.Has("sort_by") && !t.Settings.Has("expect") {
		return
	}
	columns := tableColumns(t)
	l.knownColumns(t, sumColumn, "sort_by", t.Settings.Strings("sort_by"), columns)
	for _, e := range t.Settings.Blocks("expect") {
		l.checkExpectation(t, e, "expect."+e.String("name"), columns)
	}
}

func (l *load) knownColumns(t *Target, summary, at string, named, columns []string) {
	for _, c := range named {
		if !slices.Contains(columns, c) {
			l.blame(summary, &t.Block, at, "The table has no column %q.%s", c, hint(c, columns))
		}
	}
}

func (l *load) checkExpectation(t *Target, e setting.Values, path string, columns []string) {
	says := false
	for _, claim := range []string{"not_null", "accepted_values", "condition", "unique", "min_rows", "max_age"} {
		_, written := t.Ranges[path+"."+claim]
		says = says || written
	}
	if !says {
		l.blame(sumExpectation, &t.Block, path, "This expects nothing. Say what must hold: not_null, accepted_values, condition, unique, min_rows or max_age.")
	}
	l.knownColumns(t, sumExpectation, path+".not_null", e.Strings("not_null"), columns)
	l.knownColumns(t, sumExpectation, path+".unique", e.Strings("unique"), columns)
	accepted, _ := e["accepted_values"].(map[string]any)
	for _, c := range sortedKeys(accepted) {
		l.knownColumns(t, sumExpectation, path+".accepted_values", []string{c}, columns)
		if _, isList := accepted[c].([]any); !isList {
			l.blame(sumExpectation, &t.Block, path+".accepted_values", "For each column stands the list of values it may have, written { %s = [\"one\", \"two\"] }.", c)
		}
	}
	if text := e.String("condition"); text != "" {
		l.checkCondition(t, text, path+".condition", columns)
	}
}
