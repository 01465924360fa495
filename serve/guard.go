package serve

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/inlay-sync/inlay/setting"
)

// guard decides who may see and do what.
//
// Where a token is set, every answer but that of /healthz needs it: as a bearer token, or as
// a cookie that a form gives for it. Without one, the page is for this machine alone, so a
// request must name a host that is this machine: a page of another site that lets its name
// point here gets nothing.
//
// A form carries a value that only a page of ours can have read, beside a cookie that other
// sites cannot make a browser send; and what a browser says of a request's origin must be us.
type guard struct {
	token setting.Secret
	key   [32]byte // of this process: forms and sign-ins end with it
	cross *http.CrossOriginProtection
}

const (
	formCookie = "inlay_form"
	signCookie = "inlay_sign"
	formField  = "form"
)

func newGuard(token setting.Secret) *guard {
	g := &guard{token: token, cross: http.NewCrossOriginProtection()}
	_, _ = rand.Read(g.key[:]) // never fails: it ends the program instead
	return g
}

// ListenError is an address that the page cannot be served at.
type ListenError struct {
	Address string
	Problem string
}

func (e *ListenError) Error() string {
	return fmt.Sprintf("cannot listen at %s: %s", e.Address, e.Problem)
}

// Explain says the error in a few constant words and in full sentences.
func (e *ListenError) Explain() (summary, detail string) {
	return "Page not served", fmt.Sprintf("The page cannot be served at %s: %s.", e.Address, e.Problem)
}

// mayListen refuses an address that others reach, unless a token guards it.
func mayListen(address string, token setting.Secret) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return &ListenError{address, "it is not HOST:PORT, such as 127.0.0.1:8484"}
	}
	if token.IsZero() && !loopback(host) {
		return &ListenError{address, "others can reach it, so a token must guard it. Set INLAY_SERVE_TOKEN to a long random text, or listen at 127.0.0.1"}
	}
	if n := len(token.Reveal()); n > 0 && n < 16 {
		return &ListenError{address, "the token is shorter than 16 characters, which can be guessed. Make one with: openssl rand -hex 24"}
	}
	return nil
}

// loopback reports whether a host is this machine alone.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// enter lets a request in or answers it itself.
func (g *guard) enter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		switch {
		case g.token.IsZero() && !loopback(strings.Trim(host, "[]")):
			http.Error(w, "This page answers to the names of this machine alone.", http.StatusMisdirectedRequest)
		case !g.known(r) && r.Method == http.MethodGet && accepts(r):
			http.Redirect(w, r, "/login?to="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
		case !g.known(r):
			w.Header().Set("WWW-Authenticate", `Bearer realm="inlay"`)
			http.Error(w, "A token is needed: Authorization: Bearer TOKEN.", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// accepts reports whether a person's browser asks for a page.
func accepts(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// known reports whether a request may see the page.
func (g *guard) known(r *http.Request) bool {
	if g.token.IsZero() || g.bearer(r) {
		return true
	}
	c, err := r.Cookie(signCookie)
	return err == nil && same(c.Value, g.sign("sign-in"))
}

func (g *guard) bearer(r *http.Request) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && !g.token.IsZero() && same(given, g.token.Reveal())
}

// same compares without telling by its time how much agrees.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// sign makes a value that only this process can.
func (g *guard) sign(what string) string {
	mac := hmac.New(sha256.New, g.key[:])
	mac.Write([]byte(what))
	return hex.EncodeToString(mac.Sum(nil))
}

// form returns the value that the forms of an answer carry, and gives the browser the
// cookie it goes with.
func (g *guard) form(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(formCookie)
	id := ""
	if err == nil && len(c.Value) == 32 {
		id = c.Value
	} else {
		id = rand.Text() + "00000000000000000000000000000000"
		id = id[:32]
		http.SetCookie(w, cookie(r, formCookie, id))
	}
	return g.sign("form " + id)
}

func cookie(r *http.Request, name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"}
}

// act lets a form through that a page of ours sent, and calls with a bearer token.
func (g *guard) act(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		if !g.bearer(r) {
			if err := g.cross.Check(r); err != nil || !g.ours(r) {
				http.Error(w, "This form did not come from a page of this daemon, or the daemon was started anew since. Open the page again and repeat it there.", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (g *guard) ours(r *http.Request) bool {
	c, err := r.Cookie(formCookie)
	return err == nil && same(r.PostFormValue(formField), g.sign("form "+c.Value))
}

// signIn takes the token from a form and gives the browser the cookie for it.
func (g *guard) signIn(w http.ResponseWriter, r *http.Request) {
	if g.token.IsZero() || !same(r.PostFormValue("token"), g.token.Reveal()) {
		http.Redirect(w, r, "/login?wrong=1&to="+url.QueryEscape(local(r.PostFormValue("to"))), http.StatusSeeOther)
		return
	}
	http.SetCookie(w, cookie(r, signCookie, g.sign("sign-in")))
	http.Redirect(w, r, local(r.PostFormValue("to")), http.StatusSeeOther)
}

// local keeps a path of this page, and is the first page for anything else.
func local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}
