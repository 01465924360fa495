package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// spoiled replaces an answer by what a fault makes of it. Faults of the
// transport are left to send.
func (w *Workspace) spoiled(a answer, f *Fault) answer {
	switch f.Kind {
	case "", FaultStatus:
		return w.faultStatus(f)
	case FaultEmpty:
		return answer{status: http.StatusOK}
	case FaultHTML:
		a := webServer(http.StatusOK)
		a.body = []byte("<!DOCTYPE html><html><body>Please sign in</body></html>")
		return a
	case FaultRedirect:
		status := f.Status
		if status == 0 {
			status = http.StatusFound
		}
		return answer{status: status, header: map[string]string{"Location": f.To}}
	case FaultCutJSON:
		a.body = a.body[:len(a.body)*2/3]
	case FaultBadJSON:
		half := len(a.body) / 2
		a.body = append(append(append([]byte(nil), a.body[:half]...), "\x01]}{,"...), a.body[half:]...)
	}
	return a
}

func (w *Workspace) faultStatus(f *Fault) answer {
	status := f.Status
	if status == 0 {
		status = http.StatusInternalServerError
	}
	var a answer
	switch f.Body {
	case "html":
		a = webServer(status)
	case "empty":
		a = answer{status: status}
	default:
		code := f.Code
		if code == "" {
			code = statusCode(status)
		}
		a = w.refuse(status, code, "%s", orElse(f.Message, http.StatusText(status)))
	}
	if f.RetryAfter != "" {
		if a.header == nil {
			a.header = map[string]string{}
		}
		a.header["Retry-After"] = f.RetryAfter
	}
	return a
}

// statusCode is the error code Intercom gives with a status.
func statusCode(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "unauthorized"
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusNotFound:
		return "not_found"
	case http.StatusConflict:
		return "conflict"
	case http.StatusRequestTimeout:
		return "request_timeout"
	case http.StatusTooManyRequests:
		return "rate_limit_exceeded"
	case http.StatusServiceUnavailable:
		return "service_unavailable"
	}
	if status < 500 {
		return "client_error"
	}
	return "server_error"
}

// send writes an answer, compressed when the client accepts it, and breaks it
// where the fault says.
func (w *Workspace) send(rw http.ResponseWriter, hr *http.Request, v verdict, header http.Header) {
	kind := ""
	if v.fault != nil {
		kind = v.fault.Kind
	}
	body := v.body
	switch {
	case kind == FaultHang:
		<-hr.Context().Done()
		return
	case kind == FaultResetBefore:
		snap(rw, nil)
		return
	case kind == FaultBadGzip:
		header.Set("Content-Encoding", "gzip")
		body = []byte("this is no gzip stream, whatever the header says")
	case kind == FaultBomb:
		header.Set("Content-Encoding", "gzip")
		body = bomb()
	case len(body) > 0 && (kind == FaultCutGzip || strings.Contains(hr.Header.Get("Accept-Encoding"), "gzip")):
		header.Set("Content-Encoding", "gzip")
		body = w.zipped(body)
	}
	if kind == FaultCutGzip {
		body = body[:len(body)/2]
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	switch kind {
	case FaultResetBody, FaultResetAfter, FaultShort:
		snap(rw, broken(v.status, header, body, kind))
		return
	}
	out := rw.Header()
	for name, values := range header {
		out[name] = values
	}
	rw.WriteHeader(v.status)
	if kind == FaultStall {
		stall(rw, hr, body)
		return
	}
	if _, err := rw.Write(body); err != nil {
		return // the client is gone
	}
}

// stall sends half of the body and waits until the client has had enough.
func stall(rw http.ResponseWriter, hr *http.Request, body []byte) {
	if _, err := rw.Write(body[:len(body)/2]); err != nil {
		return // the client is gone
	}
	if err := http.NewResponseController(rw).Flush(); err == nil {
		<-hr.Context().Done()
	}
}

func (w *Workspace) zipped(body []byte) []byte {
	var b bytes.Buffer
	z, pooled := w.zips.Get().(*gzip.Writer)
	if !pooled {
		z = gzip.NewWriter(&b)
	}
	defer w.zips.Put(z)
	z.Reset(&b)
	// Writing to a buffer cannot fail.
	_, _ = z.Write(body)
	_ = z.Close()
	return b.Bytes()
}

// bomb is a gzip stream of about a megabyte that inflates to a gigabyte.
func bomb() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	zeros := bytes.Repeat([]byte{' '}, 1<<20)
	for range 1 << 10 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	return b.Bytes()
}

// broken is an answer in the words of HTTP, as much of it as is sent.
func broken(status int, header http.Header, body []byte, kind string) []byte {
	var b bytes.Buffer
	header.Set("Connection", "close")
	if kind == FaultResetAfter {
		header.Del("Content-Length") // the end of the connection ends the body, or so it seems
		header.Set("Transfer-Encoding", "chunked")
	}
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	_ = header.Write(&b)
	b.WriteString("\r\n")
	switch kind {
	case FaultResetAfter:
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(body), body)
	default:
		b.Write(body[:len(body)/2])
	}
	return b.Bytes()
}

// snap writes raw bytes, if any, and breaks the connection: with a reset when
// nothing was written, and by closing it otherwise, so that what was written
// arrives.
func snap(rw http.ResponseWriter, raw []byte) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		http.Error(rw, "this connection cannot be broken", http.StatusInternalServerError)
		return
	}
	if len(raw) > 0 {
		_, _ = io.Copy(conn, bytes.NewReader(raw))
	} else if tcp, isTCP := conn.(*net.TCPConn); isTCP {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
