package intercom

import (
	"errors"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
)

// Where no service answers, nothing takes longer than the connection's timeout.
func TestTheTimeoutBoundsEverythingThatIsAsked(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 68, Contacts: 5, Growth: -1}, setting.Values{"timeout": "5s"})
	r.server.Close()
	for name, ask := range map[string]func() error{
		"identity": func() error { _, err := r.session.Identity(t.Context()); return err },
		"count":    func() error { _, err := r.session.Count(t.Context(), full("users")); return err },
		"read": func() error {
			if g := r.read(full("users"))[0]; g.err != nil {
				return g.err
			}
			return nil
		},
	} {
		began := r.clock.Now()
		var e *providers.Error
		if err := ask(); !errors.As(err, &e) || e.Kind != providers.Exhausted {
			t.Errorf("%s: %v, want exhausted", name, err)
		}
		if waited := r.clock.Now().Sub(began); waited > 5*time.Second {
			t.Errorf("%s waited %s of 5s", name, waited)
		}
	}
}
