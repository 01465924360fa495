package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server is a workspace listening on loopback.
type Server struct {
	// URL is where it listens, such as "http://127.0.0.1:40123".
	URL string
	// Workspace is what it serves.
	Workspace *Workspace

	http *http.Server
	done chan error
}

// Start serves a workspace on a loopback address; port 0 picks a free one. It
// serves until ctx is done or the server is closed.
func Start(ctx context.Context, o Options, addr string) (*Server, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("the sandbox cannot listen on %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("the sandbox listens on this machine only; use 127.0.0.1 or [::1] instead of %q", host)
	}
	if _, err := time.LoadLocation(o.Timezone); err != nil {
		return nil, fmt.Errorf("the sandbox workspace cannot be in time zone %q; use a Region/City name such as Europe/Dublin: %w", o.Timezone, err)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the sandbox cannot listen on %s: %w", addr, err)
	}
	w := New(o)
	s := &Server{URL: "http://" + l.Addr().String(), Workspace: w, done: make(chan error, 1)}
	s.http = &http.Server{Handler: w, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	go func() { s.done <- s.http.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = s.http.Close() })
	return s, nil
}

// Close stops listening and breaks open connections. A second call does nothing.
func (s *Server) Close() error {
	err := s.http.Close()
	if served, first := <-s.done; first {
		close(s.done)
		if !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
	}
	return err
}
