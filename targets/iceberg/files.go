package iceberg

import (
	"fmt"
	"path"

	"github.com/apache/arrow-go/v18/parquet/file"
	ice "github.com/apache/iceberg-go"
	iceio "github.com/apache/iceberg-go/io"
	icetable "github.com/apache/iceberg-go/table"
	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/table"
)

// footersAtOnce is how many footers of new parts are read side by side.
const footersAtOnce = 8

// differ takes the files of a snapshot and the parts of a manifest apart: the parts that the
// snapshot lacks, and its files that the manifest lacks. A part's name is never used twice.
func differ(have map[string]ice.DataFile, parts []table.Part, below string) (come []table.Part, left []ice.DataFile) {
	stay := map[string]bool{}
	for _, p := range parts {
		name := location(below, p)
		stay[name] = true
		if have[name] == nil {
			come = append(come, p)
		}
	}
	for name, f := range have {
		if !stay[name] {
			left = append(left, f)
		}
	}
	return come, left
}

func location(below string, p table.Part) string { return below + "/parts/" + p.Name }

// filesOf are the data files of a snapshot, by location; of no snapshot there are none.
func filesOf(s *icetable.Snapshot, files iceio.IO) (map[string]ice.DataFile, error) {
	out := map[string]ice.DataFile{}
	if s == nil {
		return out, nil
	}
	manifests, err := s.Manifests(files)
	if err != nil {
		return nil, err
	}
	for _, m := range manifests {
		for e, err := range m.Entries(files, true) {
			if err != nil {
				return nil, err
			}
			out[e.DataFile().FilePath()] = e.DataFile()
		}
	}
	return out, nil
}

// dataFiles describes parts as Iceberg wants them described, by their footers.
func dataFiles(t *icetable.StagedTable, files iceio.IO, parts []table.Part, below string) ([]ice.DataFile, error) {
	out := make([]ice.DataFile, len(parts))
	var group errgroup.Group
	group.SetLimit(footersAtOnce)
	for i, p := range parts {
		group.Go(func() (err error) {
			if out[i], err = dataFile(t, files, p, location(below, p)); err != nil {
				return fmt.Errorf("the part %s cannot be described: %w", p.Name, err)
			}
			return nil
		})
	}
	return out, group.Wait()
}

func dataFile(t *icetable.StagedTable, files iceio.IO, p table.Part, name string) (ice.DataFile, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	r, err := file.NewParquetReader(f)
	if err != nil {
		return nil, err
	}
	if r.NumRows() != p.Rows {
		return nil, fmt.Errorf("%s has %d rows and was written with %d", path.Base(name), r.NumRows(), p.Rows)
	}
	return icetable.DataFileFromMetadata(icetable.DataFileArgs{
		Schema: t.Schema(), Spec: t.Spec(), Format: ice.ParquetFile, Metadata: r.MetaData(), Properties: t.Properties(),
		FilePath: name, FileSize: p.Bytes, Content: ice.EntryContentData, FormatVersion: t.Metadata().Version(),
	})
}
