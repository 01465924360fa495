package rest

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Origin is a scheme, host and port: where a client sends its credentials.
type Origin struct {
	scheme, host, port string
	base               string // path before every request's path, without a slash at its end
}

// ParseOrigin reads the address of an API. It must be https, except on this machine, so
// that credentials never cross a network in the open.
func ParseOrigin(address string) (Origin, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return Origin{}, fmt.Errorf("it is not an address such as https://api.example.com")
	}
	o := originOf(u)
	o.base = strings.TrimRight(u.Path, "/")
	switch {
	case o.scheme == "https":
	case o.scheme == "http" && loopback(u.Hostname()):
	case o.scheme == "http":
		return Origin{}, fmt.Errorf("it would send the credentials unencrypted; use https")
	default:
		return Origin{}, fmt.Errorf("its scheme is neither https nor http")
	}
	return o, nil
}

func originOf(u *url.URL) Origin {
	o := Origin{scheme: strings.ToLower(u.Scheme), host: strings.ToLower(u.Hostname()), port: u.Port()}
	if o.port == "" {
		o.port = map[string]string{"https": "443", "http": "80"}[o.scheme]
	}
	return o
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// String writes the origin without its base path.
func (o Origin) String() string { return o.scheme + "://" + net.JoinHostPort(o.host, o.port) }

// same reports whether an absolute URL is of this origin.
func (o Origin) same(u *url.URL) bool {
	p := originOf(u)
	return u.User == nil && p.scheme == o.scheme && p.host == o.host && p.port == o.port
}

// url is where a path and query of the API are.
func (o Origin) url(path string, query url.Values) string {
	u := url.URL{Scheme: o.scheme, Host: net.JoinHostPort(o.host, o.port), Path: o.base + path, RawQuery: query.Encode()}
	if o.scheme == "https" && o.port == "443" || o.scheme == "http" && o.port == "80" {
		u.Host = strings.TrimSuffix(u.Host, ":"+o.port)
	}
	return u.String()
}

// Inside takes the path and query from an address that the service gave as the next page.
// An absolute address must be of this origin or of one of the hosts named as friends, over
// https; the path is asked for at this origin in either case.
func (o Origin) Inside(next string, friends ...string) (path string, query url.Values, err error) {
	u, err := url.Parse(next)
	if err != nil {
		return "", nil, fmt.Errorf("the next page's address cannot be read")
	}
	if u.IsAbs() || u.Host != "" {
		friendly := false
		for _, f := range friends {
			friendly = friendly || u.Scheme == "https" && u.User == nil && strings.EqualFold(u.Host, f)
		}
		if !friendly && !o.same(u) {
			return "", nil, fmt.Errorf("the next page's address leads to %s://%s", u.Scheme, u.Host)
		}
	}
	query, err = url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", nil, fmt.Errorf("the next page's address cannot be read")
	}
	return strings.TrimPrefix(u.Path, o.base), query, nil
}
