package sandbox

import (
	"slices"
	"sort"
	"time"
)

// firstAdded is the index of the first object that an edit added; generated
// objects stay below it.
const firstAdded = 1 << 30

// collection is all objects of one kind. Objects before initial were created in
// the two years before the epoch, in the order of their index; later ones at a
// fixed pace after it. Whoever uses a collection holds the workspace's lock and
// has advanced it to the moment asked about.
type collection struct {
	kind
	world   *Workspace
	salt    uint64
	initial int32
	epoch   int64         // Unix seconds
	pace    time.Duration // between two additions after the epoch; 0 is never

	now     int64 // the moment it was advanced to
	size    int32 // generated objects that exist now
	ticks   int64 // moments after the epoch when objects may have changed
	added   int32
	edits   map[int32]*edit
	renamed map[string]int32 // objects whose identifier an edit chose

	sorted  map[string][]int32 // by sort field, ascending; dropped when anything changes
	matches map[string][]int32 // by query and order; dropped when anything changes
	held    int                // entries of matches that are not also in sorted
}

func newCollection(w *Workspace, k kind, initial int, grows bool) *collection {
	c := &collection{kind: k, world: w, initial: int32(initial), epoch: w.options.Epoch.Unix()}
	c.salt = mix(uint64(w.options.Seed))
	for _, ch := range []byte(k.name) {
		c.salt = mix(c.salt ^ uint64(ch))
	}
	c.salt &^= 1 << 63
	if grows && w.options.Growth > 0 && initial > 0 {
		per := max(1, float64(w.options.Contacts)/float64(initial))
		if k.name == contacts {
			per = 1
		}
		c.pace = time.Duration(float64(w.options.Growth) * per)
	}
	c.edits, c.renamed = map[int32]*edit{}, map[string]int32{}
	c.forget()
	return c
}

// forget drops what was computed from the objects as they were.
func (c *collection) forget() {
	c.sorted, c.matches, c.held = map[string][]int32{}, map[string][]int32{}, 0
}

// advance brings the collection to a moment; going back is allowed.
func (c *collection) advance(now time.Time) {
	at := now.Unix()
	if at == c.now {
		return
	}
	size, ticks := c.sizeAt(now), c.ticksAt(now)
	if size != c.size || ticks != c.ticks || at < c.epoch || c.now < c.epoch {
		c.forget()
	}
	c.now, c.size, c.ticks = at, size, ticks
}

// sizeAt counts the generated objects that exist at a moment.
func (c *collection) sizeAt(now time.Time) int32 {
	if now.Unix() < c.epoch {
		return int32(sort.Search(int(c.initial), func(i int) bool { return c.createdAt(int32(i)) > now.Unix() }))
	}
	if c.pace == 0 {
		return c.initial
	}
	return c.initial + int32(min(int64(now.Sub(c.world.options.Epoch)/c.pace), firstAdded/2))
}

// After the epoch objects change only at ticks, which lie halfway between two
// additions.
func (c *collection) ticksAt(now time.Time) int64 {
	if c.pace == 0 {
		return 0
	}
	return max(0, int64((now.Sub(c.world.options.Epoch)+c.pace/2)/c.pace))
}

// maxTouches is how often a generated object changes after the epoch at most.
const maxTouches = 3

// touches returns when a generated object changed after the epoch, up to a
// moment, oldest first: some soon after they were made or the epoch began, some
// after years.
func (c *collection) touches(i int32, at int64) (times [maxTouches]int64, n int) {
	if c.pace == 0 || at < c.epoch {
		return times, 0
	}
	born := int64(max(0, i-c.initial+1))
	h := mix(c.salt ^ uint64(i)*17 ^ 0xabc)
	for range maxTouches {
		octave := h % 16
		paces := born + 1<<octave + int64(h>>8%(1<<octave)) - 1
		h = mix(h)
		if paces >= int64(1<<62/c.pace) {
			continue
		}
		if t := c.world.options.Epoch.Add(c.pace*time.Duration(paces) + c.pace/2).Unix(); t <= at {
			times[n] = t
			n++
		}
	}
	slices.Sort(times[:n])
	return times, n
}

// createdAt is when a generated object was created. Some share a second with
// the one before them.
func (c *collection) createdAt(i int32) int64 {
	if i >= c.initial {
		return c.world.options.Epoch.Add(c.pace * time.Duration(i-c.initial+1)).Unix()
	}
	span := int64(history / time.Second)
	step := span / int64(c.initial)
	if i%29 == 1 {
		i--
	}
	jitter := int64(0)
	if step > 0 {
		jitter = int64(mix(c.salt^uint64(i)*7) % uint64(step))
	}
	return c.epoch - span + span*int64(i)/int64(c.initial) + jitter
}

// baseUpdatedAt is when a generated object last changed before the epoch: for
// many when it was created, for some at one of a few bulk changes.
func (c *collection) baseUpdatedAt(i int32, created int64) int64 {
	if i >= c.initial {
		return created
	}
	h := mix(c.salt ^ uint64(i)*13 ^ 0x55)
	bulk := c.epoch - int64(history/time.Second)/4
	switch {
	case h%50 == 0 && created < bulk:
		return bulk
	case h%10 < 4:
		return created
	}
	room := min(c.epoch-created, int64(120*24*time.Hour/time.Second))
	if room <= 0 {
		return created
	}
	return created + int64(h>>8%uint64(room))
}

// updatedAt is when an object had last changed at a moment, and how many of the
// changes after the epoch that counts.
func (c *collection) updatedAt(i int32, created, at int64) (int64, int) {
	updated := c.baseUpdatedAt(i, created)
	if updated > at {
		updated = created
	}
	times, n := c.touches(i, at)
	if n > 0 {
		updated = times[n-1]
	}
	return updated, n
}

// row returns the object at an index as it is now. It must exist.
func (c *collection) row(i int32) row {
	r := row{index: i, minor: newestMinor, edit: c.edits[i]}
	if i < firstAdded {
		r.created = c.createdAt(i)
		r.updated, r.touches = c.updatedAt(i, r.created, c.now)
	}
	r.id = c.idOf(i)
	if e := r.edit; e != nil {
		e.apply(&r)
	}
	if tie := int64(time.Duration(c.world.behaviour.Ties) / time.Second); tie > 1 {
		r.created -= r.created % tie
		r.updated = max(r.created, r.updated-r.updated%tie)
	}
	return r
}

// idOf is the identifier of the object at an index.
func (c *collection) idOf(i int32) string {
	if e := c.edits[i]; e != nil && e.id != "" {
		return e.id
	}
	return c.ids.of(c.salt, i, c.createdAt(i))
}

// alive says whether the object at an index exists now and is neither deleted
// nor merged.
func (c *collection) alive(i int32) bool {
	e := c.edits[i]
	return e == nil || (!e.deleted && e.mergedInto == "")
}

// all returns the indexes of all living objects: generated ones by age, then
// the added ones.
func (c *collection) all() []int32 {
	out := make([]int32, 0, int(c.size)+int(c.added))
	for i := range c.size {
		if c.alive(i) {
			out = append(out, i)
		}
	}
	for i := range c.added {
		if c.alive(firstAdded + i) {
			out = append(out, firstAdded+i)
		}
	}
	return out
}

// find returns the index of an identifier, deleted and merged objects included.
func (c *collection) find(id string) (int32, bool) {
	if i, ok := c.renamed[id]; ok {
		return i, true
	}
	i, ok := c.ids.index(c.salt, id)
	if !ok || i >= firstAdded && i-firstAdded >= c.added || i < firstAdded && i >= c.size {
		return 0, false
	}
	return i, c.row(i).id == id
}

// append writes the object of a row, with its edits.
func (c *collection) append(b []byte, r row) []byte {
	if r.edit == nil || len(r.edit.over) == 0 {
		return c.write(c.world, b, r)
	}
	return overlaid(b, c.write(c.world, nil, r), r.edit.over)
}
