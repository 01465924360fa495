package table

import (
	"fmt"
	"testing"

	"github.com/inlay-sync/inlay/stream"
)

// A column whose values repeat gets a dictionary, one whose values do not or that has few
// gets none, however the sample came in batches.
func TestSampleTellsDictionaries(t *testing.T) {
	columns := []stream.Column{
		{Name: "id", Type: stream.Scalar(stream.String)},
		{Name: "plan", Type: stream.Scalar(stream.String)},
		{Name: "seen_at", Type: stream.Scalar(stream.Timestamp)},
		{Name: "serial", Type: stream.Scalar(stream.Int)},
		{Name: "rare", Type: stream.Scalar(stream.String)},
		{Name: "more", Type: stream.Scalar(stream.JSON)},
	}
	for _, batches := range []int{1, 4, 20} {
		s := newSample(len(columns))
		const rows = 400
		for b := range batches {
			r := stream.NewRows(columns)
			for i := b * rows / batches; i < (b+1)*rows/batches; i++ {
				r.Leaves[0].AppendString(fmt.Sprint("id", i), 0)
				r.Leaves[1].AppendString([]string{"free", "pro"}[i%2], 0)
				r.Leaves[2].AppendInt(int64(i%200), 0)
				r.Leaves[3].AppendInt(int64(i), 0)
				if i%10 == 0 {
					r.Leaves[4].AppendString("yes", 0)
				} else {
					r.Leaves[4].AppendNull(0, 0)
				}
				r.Leaves[5].AppendString(`{}`, 0)
			}
			var leaves []*stream.Vector
			for i := range r.Leaves {
				leaves = append(leaves, &r.Leaves[i])
			}
			s.add(leaves)
		}
		if got, want := fmt.Sprint(s.worthDictionary()), "[false true true false false false]"; got != want {
			t.Errorf("%d batches: dictionaries for %s, want %s", batches, got, want)
		}
	}
}
