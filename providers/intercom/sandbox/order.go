package sandbox

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"time"
)

// cacheBound is how many indexes a collection's remembered matches hold of their own at
// most, and resultsBound how many results there are.
const cacheBound, resultsBound = 8 << 20, 4096

// position is a place in a sorted result: after the object with this sort value
// and identifier. page counts from one; the zero position is the beginning.
type position struct {
	value int64
	id    string
	page  int
}

// String is the opaque cursor of a position.
func (p position) String() string {
	b := []byte("[null,null")
	if p.id != "" {
		b = text(number(nil, "[", p.value*1000), ",", p.id)
	}
	return base64.StdEncoding.EncodeToString(append(number(b, ",", int64(p.page)), ']'))
}

// parsePosition is the inverse of String.
func parsePosition(cursor string) (position, bool) {
	text, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return position{}, false
	}
	var parts []json.RawMessage
	if json.Unmarshal(text, &parts) != nil || len(parts) != 3 {
		return position{}, false
	}
	var p position
	if json.Unmarshal(parts[0], &p.value) != nil || json.Unmarshal(parts[1], &p.id) != nil || json.Unmarshal(parts[2], &p.page) != nil {
		return position{}, false
	}
	p.value /= 1000
	return p, p.page > 1
}

// index is a collection as a search knows it: some seconds behind. Lists are not
// behind.
type index struct {
	*collection
	lag int64
}

// searched is the index that searches of a collection read.
func (w *Workspace) searched(of string) index {
	return index{w.collections[of], int64(time.Duration(w.behaviour.SearchLag) / time.Second)}
}

// indexed returns the times of an object as the search index knows them, which
// lags behind by a while, and whether it knows the object at all.
func (c index) indexed(i int32) (created, updated int64, known bool) {
	asOf := c.now - c.lag
	if i < firstAdded {
		created = c.createdAt(i)
		if known = created <= asOf; !known {
			return 0, 0, false
		}
		updated, _ = c.updatedAt(i, created, asOf)
	}
	if e := c.edits[i]; e != nil {
		if e.created != nil {
			created = *e.created
		}
		for k, ch := range e.changes {
			if ch.at > asOf && c.lag > 0 {
				break
			}
			updated = ch.updated
			known = known || k == 0
		}
	}
	if tie := int64(time.Duration(c.world.behaviour.Ties) / time.Second); tie > 1 {
		created -= created % tie
		updated = max(created, updated-updated%tie)
	}
	return created, updated, known
}

// sortable lists the fields results can be ordered by.
var sortable = []string{"created_at", "updated_at", "id"}

// sortValue is the value of an object in an order; identifiers break ties, and
// are all there is to the order by id.
func (c index) sortValue(field string, i int32) int64 {
	created, updated, _ := c.indexed(i)
	switch field {
	case "created_at":
		return created
	case "updated_at":
		return updated
	}
	return 0
}

// inOrder returns all objects the index knows, ascending.
func (c index) inOrder(field string) []int32 {
	if known, done := c.sorted[field]; done && c.lag == 0 {
		return known
	}
	type keyed struct {
		value int64
		index int32
	}
	all := c.all()
	list := make([]keyed, 0, len(all))
	for _, i := range all {
		if _, _, known := c.indexed(i); known {
			list = append(list, keyed{c.sortValue(field, i), i})
		}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.index, b.index))
	})
	out := all[:0]
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].value == list[from].value {
			to++
		}
		for _, k := range list[from:to] {
			out = append(out, k.index)
		}
		c.sortByID(out[from:to])
		from = to
	}
	if c.lag == 0 {
		c.sorted[field] = out
	}
	return out
}

// sortByID sorts objects of one sort value.
func (c *collection) sortByID(list []int32) {
	if len(list) < 2 {
		return
	}
	type named struct {
		id    string
		index int32
	}
	all := make([]named, len(list))
	for k, i := range list {
		all[k] = named{c.idOf(i), i}
	}
	slices.SortFunc(all, func(a, b named) int { return compareIDs(a.id, b.id) })
	for k, n := range all {
		list[k] = n.index
	}
}

// matching returns the objects that satisfy a query, in order. text stands for
// the query: the same text is the same query.
func (c index) matching(q *query, text, field string, descending bool) []int32 {
	key := fmt.Sprintf("%s %t %s", field, descending, text)
	if known, done := c.matches[key]; done && c.lag == 0 {
		return known
	}
	list := c.inOrder(field)
	low, high := q.bounds(field)
	from := sort.Search(len(list), func(k int) bool { return c.sortValue(field, list[k]) >= low })
	to := sort.Search(len(list), func(k int) bool { return c.sortValue(field, list[k]) > high })
	if field == "id" {
		from, to = 0, len(list)
	}
	span := list[min(from, to):to:to]
	var out []int32
	for _, i := range span {
		s := subject{c: c.collection, index: i}
		s.created, s.updated, _ = c.indexed(i)
		if q.holds(&s) {
			out = append(out, i)
		}
	}
	own := len(out)
	if descending {
		slices.Reverse(out)
	} else if own == len(span) {
		out, own = span, 0 // a stretch of the order itself
	}
	if c.lag == 0 {
		c.remember(key, out, own)
	}
	return out
}

// remember keeps a result, of which so many entries are its own.
func (c *collection) remember(key string, list []int32, own int) {
	if c.held += own; c.held > cacheBound || len(c.matches) > resultsBound {
		c.matches, c.held = map[string][]int32{}, own
	}
	c.matches[key] = list
}

// after returns how many objects of a result come before or at a position.
func (c index) after(list []int32, field string, descending bool, p position) int {
	if p.id == "" {
		return 0
	}
	return sort.Search(len(list), func(k int) bool {
		d := cmp.Compare(c.sortValue(field, list[k]), p.value)
		if d == 0 {
			d = compareIDs(c.idOf(list[k]), p.id)
		}
		if descending {
			return d < 0
		}
		return d > 0
	})
}
