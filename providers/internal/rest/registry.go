package rest

import (
	"crypto/sha256"
	"sync"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

// Registry finds the one limiter for a token, so that connections with the same token
// share its budget; the smallest of their shares holds. The zero value is ready.
type Registry struct {
	mu      sync.Mutex
	entries map[[32]byte]*entry
}

type entry struct {
	limiter *Limiter
	shares  map[*Lease]float64
}

// Lease is a client's hold on a limiter.
type Lease struct {
	Limiter  *Limiter
	registry *Registry
	key      [32]byte
}

// Lease takes the limiter of a token at an origin; share is above 0 and at most 1. The
// lease must be released. Tokens are kept as hashes only.
func (r *Registry) Lease(o Origin, token setting.Secret, share float64, w providers.World) *Lease {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.entries == nil {
		r.entries = map[[32]byte]*entry{}
	}
	key := sha256.Sum256([]byte(o.String() + "\x00" + token.Reveal()))
	e := r.entries[key]
	if e == nil {
		e = &entry{limiter: newLimiter(w, share), shares: map[*Lease]float64{}}
		r.entries[key] = e
	}
	lease := &Lease{Limiter: e.limiter, registry: r, key: key}
	e.shares[lease] = share
	e.settle()
	return lease
}

// Release gives the limiter back; a second call does nothing.
func (l *Lease) Release() {
	l.registry.mu.Lock()
	defer l.registry.mu.Unlock()
	e := l.registry.entries[l.key]
	if e == nil {
		return
	}
	delete(e.shares, l)
	if len(e.shares) == 0 {
		delete(l.registry.entries, l.key)
		return
	}
	e.settle()
}

func (e *entry) settle() {
	least := 1.0
	for _, s := range e.shares {
		least = min(least, s)
	}
	e.limiter.setShare(least)
}
