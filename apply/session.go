package apply

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
)

// session is one open connection, shared by every import that reads through it so that
// they share its rate limit. It is opened, and asks who it belongs to, once.
type session struct {
	once      sync.Once
	provider  providers.Provider
	open      providers.Session
	workspace providers.Workspace
	err       error

	mu   sync.Mutex
	told bool // of the requests of a beginning that failed
}

// spent is what a session that could not begin has asked, told once: it is counted for the
// import that comes first.
func (s *session) spent() providers.Calls {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil || s.told {
		return providers.Calls{}
	}
	s.told = true
	return s.open.Calls()
}

// budget is what is known of the service's rate limit.
func (s *session) budget() *providers.Budget {
	if s == nil {
		return nil
	}
	told, ok := s.open.(providers.Budgeted)
	if !ok {
		return nil
	}
	b, known := told.Budget()
	if !known {
		return nil
	}
	return &b
}

func (r *runner) session(ctx context.Context, a addr.Address) (*session, error) {
	r.mu.Lock()
	s := r.sessions[a]
	if s == nil {
		s = &session{}
		r.sessions[a] = s
	}
	r.mu.Unlock()
	s.once.Do(func() { s.err = s.begin(ctx, r.heard(r.Access[a], a), a) })
	return s, s.err
}

// heard makes what the provider has to say about retries, waits and surprises an event,
// so that a long wait is not a silent one. Details that only help debugging stay in the log.
func (r *runner) heard(access Access, a addr.Address) Access {
	log := access.Connection.World.Log
	access.Connection.World.Log = func(level, message string, attrs ...any) {
		if log != nil {
			log(level, message, attrs...)
		}
		if level != "debug" {
			r.note(Event{Kind: Noted, Address: a, Message: message + words(attrs)})
		}
	}
	return access
}

// words puts names and values behind a message.
func words(attrs []any) string {
	var b strings.Builder
	for i := 0; i+1 < len(attrs); i += 2 {
		sep := ", "
		if i == 0 {
			sep = " ("
		}
		fmt.Fprintf(&b, "%s%v %v", sep, attrs[i], attrs[i+1])
	}
	if b.Len() > 0 {
		b.WriteByte(')')
	}
	return b.String()
}

func (s *session) begin(ctx context.Context, access Access, a addr.Address) error {
	if access.Err != nil {
		return access.Err
	}
	if access.Provider == nil {
		return fmt.Errorf("no configuration holds the credentials of %s: put the block back, or apply its removal", a)
	}
	open, err := access.Provider.Open(ctx, access.Connection)
	if err != nil {
		return err
	}
	s.provider, s.open = access.Provider, open
	s.workspace, err = open.Identity(ctx)
	return err
}

func (r *runner) closeSessions() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for a, s := range r.sessions {
		if s.open == nil {
			continue
		}
		if err := s.open.Close(); err != nil {
			r.emit(Event{Kind: Noted, Address: a, Message: "the session did not close cleanly: " + err.Error()})
		}
	}
}

// describe puts a bookmark into words, where the provider can.
func (s *session) describe(b stream.Bookmark) string {
	if d, ok := s.provider.(providers.Bookmarks); ok && b != "" {
		return d.Describe(b)
	}
	return string(b)
}
