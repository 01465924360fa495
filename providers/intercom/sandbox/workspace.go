package sandbox

import (
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Workspace is a simulated Intercom workspace and the handler that serves it.
// All its methods may be called at any time from any goroutine.
type Workspace struct {
	options Options
	zone    *time.Location
	routes  []route
	zips    sync.Pool // *gzip.Writer

	mu          sync.Mutex
	collections map[string]*collection
	behaviour   Behaviour
	faults      []faultCount
	offset      time.Duration // of the workspace's clock from Options.Now
	frozen      *time.Time
	window      window
	stats       counters
	scroll      scroll
	codes       map[string]time.Time // OAuth codes not yet used, and when they expire
	issued      int                  // OAuth codes given out
	requests    random               // request identifiers
}

// New makes a workspace. An unknown time zone is UTC.
func New(o Options) *Workspace {
	o = o.completed()
	zone, err := time.LoadLocation(o.Timezone)
	if err != nil {
		zone, o.Timezone = time.UTC, "UTC"
	}
	w := &Workspace{
		options: o, zone: zone, routes: routes(), codes: map[string]time.Time{},
		requests: random(mix(uint64(o.Seed) + 77)), stats: newCounters(),
		collections: map[string]*collection{},
	}
	w.zips.New = func() any {
		z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			z = gzip.NewWriter(nil)
		}
		return z
	}
	w.behave(o.Behaviour)
	w.settle()
	return w
}

// settle fills the workspace with its kinds of objects.
func (w *Workspace) settle() {
	o := w.options
	for _, k := range []struct {
		kind  kind
		n     int
		grows bool
	}{
		{contactKind(), o.Contacts, true},
		{conversationKind(), o.Conversations, true},
		{tagKind(), len(tagNames), false},
		{segmentKind(), len(segmentNames), false},
		{subscriptionKind(), subscriptionCount, false},
		{adminKind(), adminCount, false},
		{teamKind(), teamCount, false},
		{companyKind(), o.Companies, true},
		{ticketKind(), o.Tickets, true},
		{ticketTypeKind(), ticketTypeCount, false},
		{articleKind(), o.Articles, true},
		{collectionKind(), collectionCount, false},
		{helpCenterKind(), 1, false},
		{macroKind(), 25, false},
		{newsKind(), 12, false},
		{activityKind(), activityCount, true},
		{callKind(), 40, true},
		{deletedKind(), 12, false},
		{attributeKind(contactAttributeKind, 12_878_000), len(attributesOf[contactAttributeKind]), false},
		{attributeKind(companyAttributeKind, 12_879_000), len(attributesOf[companyAttributeKind]), false},
		{attributeKind(conversationAttributeKind, 3), len(attributesOf[conversationAttributeKind]), false},
	} {
		w.collections[k.kind.name] = newCollection(w, k.kind, k.n, k.grows)
	}
}

// now is the workspace's clock, which edits may have moved.
func (w *Workspace) now() time.Time {
	if w.frozen != nil {
		return *w.frozen
	}
	return w.options.Now().Add(w.offset)
}

// Behave replaces what misbehaves; counters of faults start again.
func (w *Workspace) Behave(b Behaviour) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.behave(b)
	w.forget()
}

func (w *Workspace) behave(b Behaviour) {
	w.behaviour = b
	w.faults = make([]faultCount, len(b.Faults))
	w.scroll.refused, w.scroll.expired, w.scroll.failed = 0, false, false
}

// forget drops what collections computed, after a change to any of them: an
// object may show what another one holds.
func (w *Workspace) forget() {
	for _, c := range w.collections {
		c.forget()
	}
}

// advance brings every collection to the present.
func (w *Workspace) advance() {
	now := w.now()
	for _, c := range w.collections {
		c.advance(now)
	}
}
