package iceberg

import (
	"slices"

	iceio "github.com/apache/iceberg-go/io"
	icetable "github.com/apache/iceberg-go/table"
)

// onlyOf lists the manifest lists and manifests that some of all snapshots have and no other.
func onlyOf(some, all []icetable.Snapshot, files iceio.IO) ([]string, error) {
	needed := map[string]bool{}
	var out []string
	for _, s := range all {
		gone := slices.ContainsFunc(some, func(g icetable.Snapshot) bool { return g.SnapshotID == s.SnapshotID })
		names := []string{s.ManifestList}
		manifests, err := s.Manifests(files)
		if err != nil {
			return nil, err
		}
		for _, m := range manifests {
			names = append(names, m.FilePath())
		}
		for _, name := range names {
			if gone {
				out = append(out, name)
			} else {
				needed[name] = true
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(name string) bool { return needed[name] }), nil
}
