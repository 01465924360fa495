package intercom

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
)

// envelope is Intercom's form of an error.
type envelope struct {
	RequestID string `json:"request_id"`
	Errors    []struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Field   string `json:"field"`
	} `json:"errors"`
}

// code returns the first error's code and message. A body that is no envelope, such as
// the web server's own page, has neither.
func refusalOf(e *rest.StatusError) (code, message, id string) {
	var v envelope
	if json.Unmarshal(e.Body, &v) != nil || len(v.Errors) == 0 {
		return "", "", e.Header.Get("X-Request-Id")
	}
	id = v.RequestID
	if id == "" {
		id = e.Header.Get("X-Request-Id")
	}
	return v.Errors[0].Code, clip(v.Errors[0].Message), id
}

// clip bounds what a service can put into a message, and keeps it on one line.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}

// explain puts a refusal into words: what happened, why, what to do.
func (s *session) explain(e *rest.StatusError, d declaration) *providers.Error {
	code, message, id := refusalOf(e)
	out := &providers.Error{Read: -1, Stream: d.Name, RequestID: id, Status: e.Status, Err: e}
	out.Kind, out.Summary, out.Detail = s.words(e, code, d)
	if message != "" {
		out.Detail += fmt.Sprintf(" Intercom says: %s", message)
	}
	return out
}

// words chooses the kind of a refusal by its code, and by its status where the code says
// nothing.
func (s *session) words(e *rest.StatusError, code string, d declaration) (providers.ErrorKind, string, string) {
	switch {
	case code == "api_plan_restricted" || e.Status == 402:
		return providers.PlanLimit, "The workspace's plan does not include this",
			fmt.Sprintf("Intercom gives the %s of this workspace on a larger plan only. Remove the source, or ask Intercom about the plan.", subject(d))
	case code == "intercom_version_invalid":
		return providers.Version, "The API version lacks the stream",
			fmt.Sprintf("The api_version of %s does not have %s. Set it to a newer version.", s.address, e.Path)
	case e.Status == 403, e.Status == 401 && missingScope(e.Body):
		return providers.Forbidden, "A permission is missing",
			fmt.Sprintf("The app behind %s may not read %s. In Intercom's Developer Hub give it the permission %q (Configure, Authentication), then run the import again.", s.address, subject(d), permissionOf(d))
	case e.Status == 401:
		return providers.Unauthorized, "The credentials are not accepted",
			fmt.Sprintf("Intercom does not accept the access_token of %s: it is wrong, was revoked, or belongs to another region. Set a valid access_token, or run `inlay login %s`.", s.address, s.address)
	case e.Status == 404, e.Status == 410:
		return providers.NotFound, "The service does not have this",
			fmt.Sprintf("There is nothing at %s. Check region and base_url of %s.", e.Path, s.address)
	case e.Status == 429:
		return providers.RateLimited, "Too many requests",
			fmt.Sprintf("Intercom kept refusing %s after long waits. Other apps may be using up the workspace's budget: lower rate_limit of %s, or run the import at another hour.", e.Path, s.address)
	case e.Status >= 500, e.Status == 408, e.Status == 425:
		return providers.Unavailable, "The service keeps failing",
			fmt.Sprintf("Intercom answers %d to %s, also after several tries. Try again later; what was staged is kept.", e.Status, e.Path)
	}
	return providers.Invalid, "The service refuses the request",
		fmt.Sprintf("Intercom answers %d to %s. If the source has a filter, check its names and values.", e.Status, e.Path)
}

// missingScope tells a missing permission from a wrong token where both are 401.
func missingScope(body []byte) bool {
	text := strings.ToLower(string(body[:min(len(body), 4096)]))
	return strings.Contains(text, "scope") || strings.Contains(text, "permission")
}

func subject(d declaration) string {
	if d.Name == "" {
		return "workspace"
	}
	return strings.ReplaceAll(d.Name, "_", " ")
}

func permissionOf(d declaration) string {
	if d.permission == "" {
		return "Read admins"
	}
	return d.permission
}

// refusedWith returns the status and code of a refusal; 0 for any other error.
func refusedWith(err error) (status int, code string) {
	e, ok := err.(*providers.Error)
	if !ok {
		return 0, ""
	}
	refused, ok := e.Err.(*rest.StatusError)
	if !ok {
		return 0, ""
	}
	code, _, _ = refusalOf(refused)
	return refused.Status, code
}
