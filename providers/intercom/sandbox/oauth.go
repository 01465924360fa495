package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// codeLife is how long an OAuth code can be exchanged.
const codeLife = 5 * time.Minute

// serveAuthorize is the page that asks a person for consent. Here the person
// always agrees, at once, unless Behaviour says otherwise: it redirects to
// redirect_uri with a code and the state.
func serveAuthorize(w *Workspace, r *request) answer {
	to, err := url.Parse(r.query.Get("redirect_uri"))
	switch {
	case r.query.Get("client_id") != w.options.ClientID:
		return w.refuse(http.StatusBadRequest, "parameter_invalid", "No app has this client_id")
	case err != nil || to.Scheme != "https" || to.Host == "":
		return w.refuse(http.StatusBadRequest, "parameter_invalid", "redirect_uri should be an HTTPS URL")
	}
	v := to.Query()
	state := r.query.Get("state")
	if w.behaviour.OAuth == "wrong_state" {
		state += "-tampered"
	}
	if state != "" {
		v.Set("state", state)
	}
	if w.behaviour.OAuth == "denied" {
		v.Set("error", "access_denied")
	} else {
		v.Set("code", w.issue())
	}
	to.RawQuery = v.Encode()
	return answer{status: http.StatusFound, bare: true, header: map[string]string{"Location": to.String()}}
}

func (w *Workspace) issue() string {
	w.issued++
	g := randomAt(mix(uint64(w.options.Seed)+5), int32(w.issued))
	code := string(uuid(nil, &g))
	w.codes[code] = w.now().Add(codeLife)
	return code
}

// serveToken exchanges a code, once, for the workspace's token.
func serveToken(w *Workspace, r *request) answer {
	in, err := tokenRequest(r.body)
	if err != nil {
		return w.unsigned(http.StatusBadRequest, "bad_request", err.Error())
	}
	expires, issued := w.codes[in["code"]]
	delete(w.codes, in["code"])
	switch {
	case in["client_id"] != w.options.ClientID || in["client_secret"] != w.options.ClientSecret:
		return w.unsigned(http.StatusUnauthorized, "unauthorized", "Invalid client credentials")
	case w.behaviour.OAuth == "wrong_region":
		return w.unsigned(http.StatusNotFound, "not_found", "The code belongs to a workspace of another region")
	case !issued || !w.now().Before(expires) || w.behaviour.OAuth == "expired_code":
		return w.unsigned(http.StatusBadRequest, "bad_request", "Invalid or expired code")
	}
	b := text([]byte(`{"token_type":"Bearer"`), `,"token":`, w.options.Token)
	a := ok(append(text(b, `,"access_token":`, w.options.Token), '}'))
	a.bare = true
	return a
}

func (w *Workspace) unsigned(status int, code, message string) answer {
	a := w.refuse(status, code, "%s", message)
	a.bare = true
	return a
}

// tokenRequest reads the members of a token request, a form or JSON.
func tokenRequest(body []byte) (map[string]string, error) {
	out := map[string]string{}
	if strings.HasPrefix(strings.TrimSpace(string(body)), "{") {
		if err := json.Unmarshal(body, &out); err != nil {
			return nil, fmt.Errorf("the body is not a token request: %w", err)
		}
		return out, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("the body is not a form: %w", err)
	}
	for name := range form {
		out[name] = form.Get(name)
	}
	return out, nil
}
