package iceberg

import (
	"slices"
	"strings"

	ice "github.com/apache/iceberg-go"
	icetable "github.com/apache/iceberg-go/table"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// partition is how Iceberg is told that a table is partitioned: by a transform of a column. No
// transform is no partition.
type partition struct {
	column    string
	transform ice.Transform
	name      string
}

// partitionOf is the transform that gives the table's own partitions. There is one only where
// it is true of every row: the storage zone is UTC, as Iceberg's transforms are, the time
// column is a timestamp, and no part holds instants beyond the years that partitions are made
// of.
func partitionOf(m table.Manifest) partition {
	target := m.Spec.Target
	transform := map[string]ice.Transform{
		"": ice.MonthTransform{}, table.PartitionMonth: ice.MonthTransform{}, table.PartitionDay: ice.DayTransform{},
		table.PartitionHour: ice.HourTransform{}, table.PartitionYear: ice.YearTransform{},
	}[target.String("partition")]
	column := m.Spec.TimeColumn()
	i := slices.IndexFunc(m.Columns, func(c stream.Column) bool { return c.Name == column })
	if zone := target.String("timezone"); zone != "" && zone != "UTC" || transform == nil || i < 0 || m.Columns[i].Type.Kind != stream.Timestamp {
		return partition{}
	}
	for _, p := range m.Parts {
		if _, value, _ := strings.Cut(p.Partition, "="); strings.HasPrefix(value, "0000") || strings.HasPrefix(value, "9999") {
			return partition{}
		}
	}
	name := column + "_" + transform.String()
	for slices.ContainsFunc(m.Columns, func(c stream.Column) bool { return c.Name == name }) {
		name += "_partition"
	}
	return partition{column, transform, name}
}

// is reports whether a field of a spec is this partition.
func (p partition) is(f ice.PartitionField) bool {
	return p.transform != nil && f.Name == p.name && f.Transform.Equals(p.transform)
}

// clear stages that the table is no longer partitioned otherwise. Files of an older spec keep
// theirs.
func (p partition) clear(txn *icetable.Transaction, current ice.PartitionSpec) error {
	update, changed := txn.UpdateSpec(true), false
	for _, f := range current.Fields() {
		if !p.is(f) {
			update, changed = update.RemoveField(f.Name), true
		}
	}
	if !changed {
		return nil
	}
	return update.Commit()
}

// set stages that the table is partitioned so, once it has the column.
func (p partition) set(txn *icetable.Transaction, current ice.PartitionSpec) error {
	for _, f := range current.Fields() {
		if p.is(f) {
			return nil
		}
	}
	if p.transform == nil {
		return nil
	}
	return txn.UpdateSpec(true).AddField(p.column, p.transform, p.name).Commit()
}
