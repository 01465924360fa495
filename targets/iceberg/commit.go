package iceberg

import (
	"context"
	"slices"

	ice "github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	icetable "github.com/apache/iceberg-go/table"

	"github.com/inlay-sync/inlay/table"
)

// commit makes the manifest's snapshot the current one of the Iceberg table, columns and
// partition included, in one commit of the catalog's. A table that shows it already, or a later
// one, stays as it is.
func commit(ctx context.Context, t *icetable.Table, s table.Showing) (*icetable.Table, error) {
	m := s.Manifest
	current := t.CurrentSnapshot()
	if current != nil {
		if n, _ := ours(*current, m.Table); n >= m.Snapshot {
			return t, nil
		}
	}
	files, err := t.FS(ctx)
	if err != nil {
		return nil, err
	}
	have, err := filesOf(current, files)
	if err != nil {
		return nil, err
	}
	come, left := differ(have, m.Parts, s.Home)
	txn := t.NewTransaction()
	staged, err := reshape(txn, t, m)
	if err != nil {
		return nil, err
	}
	added, err := dataFiles(staged, files, come, s.Home)
	if err != nil {
		return nil, err
	}
	if err := txn.ReplaceDataFilesWithDataFiles(ctx, left, added, summary(m)); err != nil {
		return nil, err
	}
	return txn.Commit(ctx)
}

// reshape stages the columns and the partition of a manifest, and returns the table as it
// will be.
func reshape(txn *icetable.Transaction, t *icetable.Table, m table.Manifest) (*icetable.StagedTable, error) {
	p := partitionOf(m)
	if err := p.clear(txn, t.Spec()); err != nil {
		return nil, err
	}
	if err := evolve(txn, t, m); err != nil {
		return nil, err
	}
	if err := p.set(txn, t.Spec()); err != nil {
		return nil, err
	}
	if text := originsOf(m).text(); t.Properties()[keyColumns] != text {
		if err := txn.SetProperties(ice.Properties{keyColumns: text}); err != nil {
			return nil, err
		}
	}
	return txn.StagedTable()
}

// expire takes snapshots away whose parts are removed next, and the files that only they had.
// The table's current snapshot stays, whatever it is.
func expire(ctx context.Context, c catalog.Catalog, t *icetable.Table, s table.Showing) error {
	var gone []icetable.Snapshot
	var ids []int64
	current := t.CurrentSnapshot()
	for _, old := range t.Metadata().Snapshots() {
		n, _ := ours(old, s.Manifest.Table)
		if old.SnapshotID != current.SnapshotID && !slices.Contains(s.Keep, n) {
			gone, ids = append(gone, old), append(ids, old.SnapshotID)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	files, err := t.FS(ctx)
	if err != nil {
		return err
	}
	useless, err := onlyOf(gone, t.Metadata().Snapshots(), files)
	if err != nil {
		return err
	}
	_, _, err = c.CommitTable(ctx, t.Identifier(),
		[]icetable.Requirement{icetable.AssertTableUUID(t.Metadata().TableUUID()), icetable.AssertRefSnapshotID(icetable.MainBranch, &current.SnapshotID)},
		[]icetable.Update{icetable.NewRemoveSnapshotsUpdate(ids, false)})
	if err != nil {
		return err
	}
	for _, name := range useless {
		_ = files.Remove(name) // what stays of it is small, and nobody reads it any more
	}
	return nil
}
