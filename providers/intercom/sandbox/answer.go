package sandbox

import (
	"fmt"
	"net/http"
)

// answer is what a request gets, before any fault spoils it.
type answer struct {
	status int
	body   []byte
	header map[string]string
	bare   bool // without rate limit headers: the credentials were wrong
}

func ok(body []byte) answer { return answer{status: http.StatusOK, body: body} }

// refuse is an error in Intercom's envelope.
func (w *Workspace) refuse(status int, code, format string, args ...any) answer {
	b := append([]byte(nil), `{"type":"error.list","request_id":"`...)
	b = uuid(b, &w.requests)
	b = text(b, `","errors":[{"code":`, code)
	b = text(b, `,"message":`, fmt.Sprintf(format, args...))
	return answer{status: status, body: append(b, `}]}`...)}
}

func (w *Workspace) notFound(what string) answer {
	return w.refuse(http.StatusNotFound, "not_found", "%s", what)
}

func (w *Workspace) badParameter(format string, args ...any) answer {
	return w.refuse(http.StatusBadRequest, "parameter_invalid", format, args...)
}

// webServer is an error from the web server in front of the API, in HTML.
func webServer(status int) answer {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	body := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
	return answer{status: status, body: []byte(body), header: map[string]string{"Content-Type": "text/html"}}
}
