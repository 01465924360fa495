package iceberg

import (
	"strconv"
	"time"

	ice "github.com/apache/iceberg-go"
	icetable "github.com/apache/iceberg-go/table"

	"github.com/inlay-sync/inlay/table"
)

// What a snapshot's summary, and the properties of its table, say of ours.
const (
	keyTable    = "inlay.table"    // the table's id, also a property of the Iceberg table
	keyLineage  = "inlay.lineage"  // of the state that owns it
	keySnapshot = "inlay.snapshot" // the manifest whose parts are shown
	keyManifest = "inlay.manifest" // the manifest that the bookmark is of
	keyColumns  = "inlay.columns"  // a property: where the value of each column comes from
)

// summary is what a snapshot says of the manifest it shows.
func summary(m table.Manifest) ice.Properties {
	out := ice.Properties{
		keyTable: m.Table, keyLineage: m.Lineage,
		keySnapshot: strconv.FormatInt(m.Snapshot, 10), keyManifest: strconv.FormatInt(m.Number, 10),
		"inlay.address": m.Address, "inlay.run": m.Run, "inlay.slot": m.Slot,
		"inlay.bookmark": string(m.Bookmark), "inlay.position": m.Position,
		"inlay.committed": m.Committed.UTC().Format(time.RFC3339),
	}
	for k, v := range out {
		if v == "" {
			delete(out, k)
		}
	}
	return out
}

// ours is the number of our snapshot that an Iceberg snapshot shows; false for one that
// somebody else made.
func ours(s icetable.Snapshot, id string) (int64, bool) {
	if s.Summary == nil || s.Summary.Properties[keyTable] != id {
		return 0, false
	}
	n, err := strconv.ParseInt(s.Summary.Properties[keySnapshot], 10, 64)
	return n, err == nil
}
