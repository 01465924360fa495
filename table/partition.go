package table

import (
	"fmt"
	"math"
	"time"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// noTime is the folder of rows whose time column is null, as Hive names it.
const noTime = "__HIVE_DEFAULT_PARTITION__"

// partitioner names the folder of a row by its time column, as civil time in the storage
// zone. The zero column ("") puts all rows in one place.
type partitioner struct {
	column  string // of the folder: "created_at_month"
	grain   string
	loc     *time.Location
	seconds bool // the time column is an integer of unix seconds
}

var grainFormats = map[string]string{
	PartitionHour: "2006-01-02-15", PartitionDay: "2006-01-02", PartitionMonth: "2006-01", PartitionYear: "2006",
}

func newPartitioner(s spec.Spec, l *layout) (*partitioner, error) {
	p := &partitioner{grain: s.Target.String("partition")}
	if p.grain == "" {
		p.grain = PartitionMonth
	}
	zone := s.Target.String("timezone")
	loc, err := time.LoadLocation(zone) // "" is UTC
	if err != nil {
		return nil, fmt.Errorf("the storage zone %q is unknown: %w", zone, err)
	}
	p.loc = loc
	if p.grain == PartitionNone {
		return p, nil
	}
	if _, ok := grainFormats[p.grain]; !ok {
		return nil, fmt.Errorf("a table cannot be partitioned by %q", p.grain)
	}
	if l.time < 0 {
		return nil, fmt.Errorf("the time column %q is not a plain column of the table", timeColumn(s))
	}
	switch l.leaves[l.time].Kind {
	case stream.Timestamp:
	case stream.Int:
		p.seconds = true
	default:
		return nil, fmt.Errorf("the time column %q is a %s; a timestamp or an integer is needed", timeColumn(s), l.leaves[l.time].Kind)
	}
	p.column = timeColumn(s) + "_" + p.grain
	for l.flat(p.column) >= 0 {
		p.column += "_partition"
	}
	return p, nil
}

// none reports whether all rows stand in one place.
func (p *partitioner) none() bool { return p.column == "" }

// at names the folder of a time, in the unit of the time column.
func (p *partitioner) at(v int64) string {
	if p.none() {
		return ""
	}
	return p.column + "=" + p.time(v).In(p.loc).Format(grainFormats[p.grain])
}

// null names the folder of rows without a time.
func (p *partitioner) null() string {
	if p.none() {
		return ""
	}
	return p.column + "=" + noTime
}

// Instants beyond these years would give folders that do not sort, or overflow.
var minTime, maxTime = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func (p *partitioner) time(v int64) time.Time {
	t := time.UnixMicro(v)
	if p.seconds {
		t = time.Unix(min(max(v, math.MinInt32*1000), math.MaxInt32*1000), 0)
	}
	switch {
	case t.Before(minTime):
		return minTime
	case t.After(maxTime):
		return maxTime
	}
	return t
}

// days remembers the folder of the last instant asked for, with a span in which the
// answer is the same: most rows come in the order of time.
type days struct {
	p        *partitioner
	lo, hi   int64 // unix seconds, hi excluded
	folder   string
	nullName string
}

func newDays(p *partitioner) *days { return &days{p: p, nullName: p.null()} }

func (d *days) at(v int64) string {
	if d.p.none() {
		return ""
	}
	t := d.p.time(v)
	if s := t.Unix(); s >= d.lo && s < d.hi {
		return d.folder
	}
	d.folder = d.p.at(v)
	d.lo, d.hi = d.p.span(t)
	return d.folder
}

// span is a range of seconds around t that surely has t's folder: the inside of its civil
// month or year, away from both ends by more than any change of a zone's clock. Shorter
// folders have none, being cheap to name and hard to bound where clocks change.
func (p *partitioner) span(t time.Time) (int64, int64) {
	const margin = 48 * 3600
	c := t.In(p.loc)
	switch p.grain {
	case PartitionMonth:
		return time.Date(c.Year(), c.Month(), 1, 0, 0, 0, 0, p.loc).Unix() + margin, time.Date(c.Year(), c.Month()+1, 1, 0, 0, 0, 0, p.loc).Unix() - margin
	case PartitionYear:
		return time.Date(c.Year(), 1, 1, 0, 0, 0, 0, p.loc).Unix() + margin, time.Date(c.Year()+1, 1, 1, 0, 0, 0, 0, p.loc).Unix() - margin
	}
	return 0, 0
}
