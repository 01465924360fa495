package rest

import (
	"fmt"
	"net/http"
)

// Pinned returns a transport that makes requests to this origin alone and refuses any
// other before a byte is sent, for clients that are not ours. By default it uses
// connections of its own, through the proxy of the environment.
func (o Origin) Pinned(t http.RoundTripper) http.RoundTripper {
	if t == nil {
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: mostHeader, DisableKeepAlives: true}
	}
	return pinned{o, t}
}

type pinned struct {
	origin Origin
	next   http.RoundTripper
}

func (p pinned) RoundTrip(r *http.Request) (*http.Response, error) {
	if !p.origin.same(r.URL) {
		return nil, fmt.Errorf("a request to %s is refused: credentials go to %s only", originOf(r.URL), p.origin)
	}
	return p.next.RoundTrip(r)
}
