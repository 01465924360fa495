package intercom

import (
	"net/http"

	"golang.org/x/oauth2"

	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/setting"
)

// bearer puts the token of a sign-in on requests. Beneath it is a transport that refuses
// every origin but one, so that the token cannot leave for another however a request came
// about. Intercom's tokens do not expire; one that did would be renewed by its source.
type bearer struct {
	oauth2.Transport
	pool *http.Transport
}

func newBearer(o rest.Origin, token setting.Secret) *bearer {
	pool := rest.Pooled()
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token.Reveal(), TokenType: "Bearer"})
	return &bearer{oauth2.Transport{Source: source, Base: o.Pinned(pool)}, pool}
}

// CloseIdleConnections lets a client that is closed close them.
func (b *bearer) CloseIdleConnections() { b.pool.CloseIdleConnections() }
