package table

import (
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Names of the settings whose values have a closed set, for whoever compares them.
const (
	PartitionNone  = "none"
	PartitionHour  = "hour"
	PartitionDay   = "day"
	PartitionMonth = "month"
	PartitionYear  = "year"

	DeletesKeep   = "keep"
	DeletesMark   = "mark"
	DeletesRemove = "remove"

	ReconcileFail = "fail"
	ReconcileWarn = "warn"

	OnRemoveKeep   = "keep"
	OnRemoveDelete = "delete"

	SeverityError = "error"
	SeverityWarn  = "warn"
)

// Forms in which a time block reads its column.
const (
	TimeRFC3339 = "rfc3339"
	TimeDate    = "date"
	TimeUnix    = "unix"
	TimeUnixMs  = "unix_ms"
)

// Settings declares the attributes and blocks of target "parquet".
func Settings() []setting.Setting {
	out := append(placeSettings(), rowSettings()...)
	out = append(out, shapeSettings()...)
	out = append(out, layoutSettings()...)
	out = append(out, guardSettings()...)
	return append(out, timingSettings()...)
}

func placeSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "source", Kind: setting.Reference, RefKind: "source", Required: true,
			Doc: "The source whose rows the table holds."},
		{Name: "database", Kind: setting.String, Default: "default", Check: setting.CheckName, Place: true,
			Doc: "The database: the folder of the warehouse in which the table stands. Letters, digits and _ only."},
		{Name: "table", Kind: setting.String, Check: setting.CheckName, Place: true,
			Doc: "The table's name within its database; the block's name when absent. Letters, digits and _ only."},
		{Name: "auto_create", Kind: setting.Bool, Default: true,
			Doc: "Whether apply may create the database and the table. With false, a missing one is an error of the plan."},
		{Name: "on_remove", Kind: setting.String, Default: OnRemoveKeep, Values: []string{OnRemoveKeep, OnRemoveDelete},
			Doc: "What happens to the files when the block goes: keep leaves them and forgets the table, delete removes them."},
	}
}

func rowSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "mode", Kind: setting.String, Default: spec.Append,
			Values: []string{spec.Append, spec.Replace, spec.ReplaceOnNewData, spec.Upsert},
			Doc:    "How rows meet the table: append adds them, replace puts them in place of all others, replace_on_new_data does so only when the read returned a row, upsert keeps one row per key, the newest."},
		{Name: "key", Kind: setting.Strings,
			Doc: "The columns that together identify a row; the stream's own key when absent. upsert needs one."},
		{Name: "time_column", Kind: setting.String,
			Doc: "The timestamp or integer (unix seconds) column that rows are partitioned by, named as the table shows it; \"auto\" takes the first such column. When absent, a column time is added with the moment of the upload."},
		{Name: "time", Kind: setting.Block,
			Doc: "The added time column read from another column instead of the moment of the upload.",
			Fields: []setting.Setting{
				{Name: "from", Kind: setting.String, Required: true, Doc: "The column to read, named as the table shows it."},
				{Name: "format", Kind: setting.String, Default: TimeRFC3339, Values: []string{TimeRFC3339, TimeDate, TimeUnix, TimeUnixMs},
					Doc: "How the column writes a time. A timestamp column needs none. date is read at midnight in the storage zone."},
			}},
		{Name: "deletes", Kind: setting.String, Default: DeletesKeep, Values: []string{DeletesKeep, DeletesMark, DeletesRemove},
			Doc: "What happens to rows that vanished upstream: keep leaves them, mark fills the column _deleted_at, remove takes them out, and out of older snapshots once readers are done. Not in append."},
	}
}

func shapeSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "columns", Kind: setting.Strings,
			Doc: "The columns to keep: names, \"*\" for all, \"-name\" to leave one out. All when absent. Key, cursor and time column cannot be left out."},
		{Name: "column", Kind: setting.Block, Repeated: true, Label: "name",
			Doc: "One column that is renamed, retyped, hashed, or promoted from inside another.",
			Fields: []setting.Setting{
				{Name: "name", Kind: setting.String, Required: true, Doc: "The column's name in the table."},
				{Name: "from", Kind: setting.String, Doc: "Where the value comes from, with dots between names (\"custom_attributes.plan\"); the column of the same name when absent."},
				{Name: "type", Kind: setting.String, Doc: "The column's type. A value that does not fit is kept in _rest and counted; string keeps the objects and lists of a column of json, lists or structs as their text.",
					Values: []string{string(stream.String), string(stream.Int), string(stream.Float), string(stream.Bool), string(stream.Timestamp), string(stream.JSON)}},
				{Name: "hash", Kind: setting.Bool, Default: false, Doc: "Replaces the value by its hash under the hash_key of the inlay block; the value itself is kept nowhere."},
			}},
		{Name: "on_schema_change", Kind: setting.String, Default: "add", Values: []string{"add", "ignore", "fail"},
			Doc: "What a newly declared column does: add rewrites older parts so that they have it too, ignore leaves it in _rest, fail stops the plan."},
	}
}

func layoutSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "partition", Kind: setting.String, Default: PartitionMonth,
			Values: []string{PartitionNone, PartitionHour, PartitionDay, PartitionMonth, PartitionYear},
			Doc:    "The span of the time column that one folder of the table holds."},
		{Name: "timezone", Kind: setting.String, Default: "UTC", Check: setting.CheckZone,
			Doc: "The storage zone, an IANA name, in which partitions begin and end."},
		{Name: "compression", Kind: setting.String, Default: "zstd", Values: []string{"zstd", "snappy", "gzip", "none"},
			Doc: "How new parts are compressed."},
		{Name: "sort_by", Kind: setting.Strings,
			Doc: "The columns by which rows are sorted inside every new part, nulls last. When absent, rows of parts that are rebuilt are sorted by key within each row group, and those of an import alone keep the order in which they arrived."},
		{Name: "max_file_size", Kind: setting.Size, Default: "128MiB",
			Doc: "About how large a part becomes before the next one is begun."},
		{Name: "retain", Kind: setting.Int, Default: int64(2),
			Doc: "How many earlier snapshots are kept besides the current one; each stays at least an hour."},
	}
}

func guardSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "reconcile", Kind: setting.String, Default: ReconcileFail, Values: []string{ReconcileFail, ReconcileWarn},
			Doc: "What happens when fewer rows arrive than the service announced: fail keeps the old snapshot, warn commits and marks the table as unreconciled."},
		{Name: "max_shrink", Kind: setting.Float, Default: 0.5,
			Doc: "The largest share of its rows that one commit may take from a table of 100 rows or more. Beyond it the result stays staged, to be published by hand."},
		{Name: "expect", Kind: setting.Block, Repeated: true, Label: "name",
			Doc: "A claim about the rows that is checked before they are published.",
			Fields: []setting.Setting{
				{Name: "name", Kind: setting.String, Required: true, Doc: "What is expected, in words."},
				{Name: "not_null", Kind: setting.Strings, Doc: "Columns that every changed row must have."},
				{Name: "accepted_values", Kind: setting.Map, Doc: "For each column named, the list of values that changed rows may have; null is accepted."},
				{Name: "condition", Kind: setting.String, Check: setting.CheckExpr, Doc: "An expression over columns that must not be false for any changed row; one that is unknown, because a value is null, holds."},
				{Name: "unique", Kind: setting.Strings, Doc: "Columns that together must differ between any two rows of the table."},
				{Name: "min_rows", Kind: setting.Int, Doc: "The fewest rows the table may have."},
				{Name: "max_age", Kind: setting.Duration, Doc: "How old the newest row of the table may be by its time column."},
				{Name: "severity", Kind: setting.String, Default: SeverityError, Values: []string{SeverityError, SeverityWarn},
					Doc: "Whether a broken expectation keeps the rows from being published (error) or is only reported (warn)."},
			}},
	}
}

func timingSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "schedule", Kind: setting.Reference, RefKind: "schedule",
			Doc: "When the table is imported. When absent, it is imported when it is created or a change needs it, and otherwise only when asked."},
		{Name: "first_import", Kind: setting.String, Default: "now", Values: []string{"now", "scheduled"},
			Doc: "Whether a new target imports at once or waits for its first slot."},
	}
}
