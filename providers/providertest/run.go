package providertest

import (
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// Connect returns what a session is opened with: to a service that does not change, and
// that all streams can be read of.
type Connect func(t *testing.T) providers.Connection

// Run checks a provider.
func Run(t *testing.T, p providers.Provider, connect Connect) {
	t.Run("declarations", func(t *testing.T) { declarations(t, p, connect(t).Settings) })
	s := &suite{provider: p, connect: connect}
	t.Run("session", s.session)
	t.Run("errors", s.errors)
	for _, d := range p.Streams(connect(t).Settings) {
		t.Run(d.Name, func(t *testing.T) { s.stream(t, d) })
	}
	t.Run("several reads at once", s.several)
}

type suite struct {
	provider providers.Provider
	connect  Connect
}

// open opens a session that is closed when the test ends.
func (s *suite) open(t *testing.T) providers.Session {
	t.Helper()
	session, err := s.provider.Open(t.Context(), s.connect(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return session
}

// full is a read of everything in the stream's own shape.
func full(t *testing.T, d stream.Stream) providers.Read {
	t.Helper()
	sh, err := d.Shape(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return providers.Read{Stream: d.Name, Settings: setting.Values{"stream": d.Name}, Shape: sh, Full: true, Started: started()}
}

// incremental is a read of what is new after a bookmark.
func incremental(t *testing.T, d stream.Stream, cursor string, from stream.Bookmark) providers.Read {
	t.Helper()
	r := full(t, d)
	r.Full, r.From = false, from
	r.Settings = setting.Values{"stream": d.Name, "incremental": true, "cursor": cursor}
	return r
}

// started is later than every row: the service does not change.
func started() time.Time { return time.Date(2126, time.January, 1, 0, 0, 0, 0, time.UTC) }
