package table

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/stream"
)

// inputs are the parts of a manifest as files to read.
func (t *Table) inputs(m Manifest) []*input {
	leaves := stream.NewRows(m.Columns).Leaves
	out := make([]*input, 0, len(m.Parts))
	for _, p := range m.Parts {
		out = append(out, t.input(p, leaves))
	}
	return out
}

// input is a part as a file to read.
func (t *Table) input(p Part, leaves []stream.Vector) *input {
	return &input{name: t.at("parts/" + p.Name), partition: p.Partition, part: p, leaves: leaves, bring: t.bring}
}

// assembly is what becomes of every file: some parts stay, staged segments become parts as
// they are where they can, and the rest is written anew, partition by partition.
type assembly struct {
	stay    []Part
	adopt   [][]*input // families of segments that become parts
	rewrite map[string][]span
	rows    int64 // of the result
}

func (a *assembly) add(partition string, s span) {
	if a.rewrite == nil {
		a.rewrite = map[string][]span{}
	}
	list := a.rewrite[partition]
	if n := len(list); n > 0 && list[n-1].in == s.in && list[n-1].to == s.from {
		list[n-1].to = s.to
		return
	}
	a.rewrite[partition] = append(list, s)
}

// changed reports whether the result has other parts than the head.
func (a *assembly) changed(head Manifest) bool {
	return len(a.adopt) > 0 || len(a.rewrite) > 0 || len(a.stay) != len(head.Parts)
}

// partitions lists what is to be written, by name.
func (a *assembly) partitions() []string {
	out := make([]string, 0, len(a.rewrite))
	for name := range a.rewrite {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// assemble sorts the files of a resolved run.
func (m *merge) assemble() (*assembly, error) {
	a := &assembly{}
	if err := m.keepTimes(); err != nil {
		return nil, err
	}
	var idle []*input // parts of the head without a change
	if !m.dropHead {
		reshaped := m.x.reshaped()
		if reshaped {
			if err := m.x.evolve(m.head); err != nil {
				return nil, err
			}
		}
		for _, in := range m.head {
			a.rows += in.part.Rows - in.died
			switch {
			case reshaped:
				if err := m.x.distribute(a, in); err != nil {
					return nil, err
				}
			case in.touched():
				m.spans(a, in, nil)
			default:
				idle = append(idle, in)
			}
		}
	}
	m.assembleStaged(a)
	m.fold(a, idle)
	return a, nil
}

func (m *merge) assembleStaged(a *assembly) {
	pending := map[string][][]*input{} // families, by partition
	for _, in := range m.staged {
		a.rows += in.part.Rows - in.died
		list := pending[in.partition]
		if n := len(list); n > 0 && in.segment.Family != 0 && list[n-1][0].segment.Family == in.segment.Family {
			list[n-1] = append(list[n-1], in)
			continue
		}
		pending[in.partition] = append(list, []*input{in})
	}
	moved := m.movedTo()
	for partition, list := range pending {
		for _, family := range list {
			alone := len(list) == 1 && len(a.rewrite[partition]) == 0 || m.x.l.size.enough(asOne(family))
			if alone && whole(family) && len(m.x.run.Spec.Target.Strings("sort_by")) == 0 {
				a.adopt = append(a.adopt, family)
				continue
			}
			for _, in := range family {
				m.spans(a, in, moved)
			}
		}
	}
	slices.SortFunc(a.adopt, func(x, y []*input) int { return cmp.Compare(x[0].base, y[0].base) })
}

// large reports whether a part is too large to be worth folding into another.
func (s sizes) large(p Part) bool { return p.Rows >= s.rows/2 || p.Bytes >= s.bytes/2 }

// enough reports whether a staged segment is a good part as it is: writing a long import a
// second time would cost as much as the first.
func (s sizes) enough(p Part) bool { return s.large(p) || p.Rows >= rowGroupRows/2 }

// spans adds the rows of a file that count to its partition, or to where they moved.
func (m *merge) spans(a *assembly, in *input, moved map[int64]string) {
	for row := int64(0); row < in.part.Rows; row++ {
		if in.drop.has(row) {
			continue
		}
		partition := in.partition
		if len(in.kept) > 0 {
			if p, ok := moved[in.base+row]; ok {
				partition = p
			}
		}
		a.add(partition, span{in: in, from: int32(row), to: int32(row + 1)})
	}
}

// keepTimes gives staged rows the upload time of the rows they stand in place of.
func (m *merge) keepTimes() error {
	slices.SortStableFunc(m.replaced, func(a, b hit) int { return strings.Compare(a.in.name, b.in.name) })
	for i := 0; i < len(m.replaced); {
		j, in := i, m.replaced[i].in
		times, err := m.x.flat(in, m.x.l.added)
		if err != nil {
			return err
		}
		for ; j < len(m.replaced) && m.replaced[j].in == in; j++ {
			h := m.replaced[j]
			if times == nil || times.Null(int(h.row)) {
				continue
			}
			staged, at := m.at(h.staged)
			if staged.kept == nil {
				staged.kept = map[int32]int64{}
			}
			staged.kept[int32(at)] = times.Ints[h.row]
		}
		i = j
	}
	return nil
}

// movedTo is the partition of staged rows that kept their upload time.
func (m *merge) movedTo() map[int64]string {
	out := map[int64]string{}
	for _, in := range m.staged {
		for row, t := range in.kept {
			out[in.base+int64(row)] = m.x.l.part.at(t)
		}
	}
	return out
}

// reshaped reports whether the run's spec lays rows out in another way than the head's
// parts are, so that all of them are to be written again.
func (x *Txn) reshaped() bool {
	if len(x.head.Parts) == 0 {
		return false
	}
	if !slices.EqualFunc(x.head.Columns, x.l.columns, func(a, b stream.Column) bool { return a.Name == b.Name && a.Type.Equal(b.Type) }) {
		return true
	}
	before, err := newLayout(x.head.Spec)
	return err != nil || before.part.column != x.l.part.column || before.part.loc.String() != x.l.part.loc.String() ||
		before.part.seconds != x.l.part.seconds
}

// distribute adds the rows of a file to the partitions that the layout gives them.
func (x *Txn) distribute(a *assembly, in *input) error {
	times, timed := stream.Vector{}, !x.l.part.none()
	if timed {
		times = x.l.leaves[x.l.time]
		b := builder{ctx: x.ctx, d: x.d, l: x.l}
		for from := int64(0); from < in.part.Rows; from += rowGroupRows / 4 {
			chunk := []span{{in, int32(from), int32(min(from+rowGroupRows/4, in.part.Rows))}}
			s, err := b.gather(x.l.time, chunk)
			if err != nil {
				return err
			}
			s.appendTo(&times)
			s.release()
			b.forget(chunk)
		}
		if err := in.close(); err != nil {
			return err
		}
	}
	d := newDays(x.l.part)
	for row := int64(0); row < in.part.Rows; row++ {
		if in.drop.has(row) {
			continue
		}
		partition := d.nullName
		if timed && !times.Null(int(row)) {
			partition = d.at(times.Ints[row])
		}
		a.add(partition, span{in: in, from: int32(row), to: int32(row + 1)})
	}
	return nil
}

// fold joins small parts without a change to what is written in their partition anyway:
// each that is not more than twice as large as all before it. So every part is about
// twice as large as the next smaller one, and their number grows with the logarithm of the
// number of commits.
func (m *merge) fold(a *assembly, idle []*input) {
	written := map[string]int64{}
	for name, spans := range a.rewrite {
		for _, s := range spans {
			written[name] += int64(s.to - s.from)
		}
	}
	adopted := map[string][]*input{}
	for _, family := range a.adopt {
		if one := asOne(family); !m.x.l.size.enough(one) {
			name := family[0].partition
			written[name] += one.Rows
			adopted[name] = append(adopted[name], family...)
		}
	}
	slices.SortStableFunc(idle, func(x, y *input) int { return cmp.Compare(x.part.Rows, y.part.Rows) })
	folded := map[*input]bool{}
	for _, in := range idle {
		w := written[in.partition]
		if w == 0 || in.part.Rows > 2*w || m.x.l.size.large(in.part) {
			a.stay = append(a.stay, in.part)
			continue
		}
		for _, seg := range adopted[in.partition] {
			folded[seg] = true
			m.spans(a, seg, nil)
		}
		adopted[in.partition] = nil
		m.spans(a, in, nil)
		written[in.partition] += in.part.Rows
	}
	a.adopt = slices.DeleteFunc(a.adopt, func(family []*input) bool { return folded[family[0]] })
}
