package table

import "github.com/inlay-sync/inlay/stream"

// sampleRows are looked at before the first file of a run is begun: they tell which
// columns are kept smaller by a dictionary. One batch alone is too few to tell.
const sampleRows = 3000

// early is a batch that waits for the sample to be large enough.
type early struct {
	rows  *stream.Rows
	batch int64
}

// sampled reports whether a batch may be staged at once; otherwise it is kept until there
// are rows enough to begin files with.
func (x *Txn) sampled(rows *stream.Rows) (bool, error) {
	if x.dictionary != nil {
		return true, nil
	}
	x.early = append(x.early, early{rows, x.cp.Batches})
	waiting := 0
	for _, e := range x.early {
		waiting += e.rows.N
	}
	if waiting < sampleRows {
		return false, nil
	}
	return false, x.stageEarly()
}

// stageEarly decides on dictionaries by the batches that wait, and stages them.
func (x *Txn) stageEarly() error {
	if len(x.early) == 0 {
		return nil
	}
	s := newSample(len(x.l.leaves))
	for _, e := range x.early {
		leaves, err := x.leaves.of(x.l, e.rows, x.run.Started)
		if err != nil {
			return err
		}
		s.add(leaves)
	}
	x.dictionary = s.worthDictionary()
	for _, e := range x.early {
		leaves, err := x.leaves.of(x.l, e.rows, x.run.Started)
		if err != nil {
			return err
		}
		if err := x.stage(leaves, e.rows.N, e.batch); err != nil {
			return err
		}
	}
	x.early = nil
	return nil
}

// sample counts different values, leaf by leaf.
type sample struct {
	texts   []map[string]struct{}
	numbers []map[int64]struct{}
	values  []int
}

func newSample(leaves int) *sample {
	return &sample{make([]map[string]struct{}, leaves), make([]map[int64]struct{}, leaves), make([]int, leaves)}
}

// worthCounting reports whether values of a kind may be kept in a dictionary.
func worthCounting(k stream.Kind) bool {
	return k == stream.String || k == stream.Int || k == stream.Timestamp
}

func (s *sample) add(leaves []*stream.Vector) {
	for i, v := range leaves {
		switch {
		case !worthCounting(v.Kind):
		case v.Kind == stream.String:
			s.texts[i] = different(s.texts[i], v, v.Strs)
		default:
			s.numbers[i] = different(s.numbers[i], v, v.Ints)
		}
		for _, def := range v.Def {
			if def == v.MaxDef {
				s.values[i]++
			}
		}
	}
}

func different[T comparable](seen map[T]struct{}, v *stream.Vector, values []T) map[T]struct{} {
	if seen == nil {
		seen = map[T]struct{}{}
	}
	for i, def := range v.Def {
		if def == v.MaxDef {
			seen[values[i]] = struct{}{}
		}
	}
	return seen
}

// worthDictionary names the leaves whose values came twice or more on the average; fewer
// than 64 values tell nothing.
func (s *sample) worthDictionary() []bool {
	const least, repeats = 64, 2
	out := make([]bool, len(s.values))
	for i, n := range s.values {
		seen := max(len(s.texts[i]), len(s.numbers[i]))
		out[i] = n >= least && seen > 0 && seen*repeats <= n
	}
	return out
}
