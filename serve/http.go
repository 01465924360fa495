package serve

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/report"
)

//go:embed static/style.css static/script.js
var static embed.FS

// grace is how long answers under way may take when the daemon stops.
const grace = 5 * time.Second

// late is how long the loop may be silent before the daemon calls itself unhealthy.
const late = 10 * time.Minute

// listen serves the page and returns what ends it.
func (d *daemon) listen(ctx context.Context) (stop func() error, err error) {
	if d.Listen == "" {
		return func() error { return nil }, nil
	}
	if err := mayListen(d.Listen, d.Token); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", d.Listen)
	if err != nil {
		return nil, &ListenError{d.Listen, cause(err)}
	}
	server := &http.Server{
		Handler: d.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, BaseContext: func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	url := "http://" + l.Addr().String()
	d.Log.Info("the page answers", "url", url)
	if d.Listening != nil {
		d.Listening(url)
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			_ = server.Close() // whoever still reads is cut off
		}
		if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}, nil
}

func cause(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return err.Error()
}

// handler is the page and what machines ask.
func (d *daemon) handler() http.Handler {
	g := newGuard(d.Token)
	p := &pages{d, g}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", d.health)
	mux.Handle("GET /static/", http.FileServerFS(static))
	mux.HandleFunc("GET /static/plan.css", planStyle)
	mux.HandleFunc("GET /login", p.login)
	mux.Handle("POST /login", g.act(http.HandlerFunc(g.signIn)))

	see := func(pattern string, f http.HandlerFunc) { mux.Handle("GET "+pattern, g.enter(f)) }
	see("/readyz", d.ready)
	see("/metrics", d.metricsPage)
	see("/events", d.events)
	see("/{$}", p.home)
	see("/plan", p.plan)
	see("/runs/{run}", p.run)
	see("/tables/{address}", p.table)

	do := func(pattern string, f func(r *http.Request) (to string, err error)) {
		mux.Handle("POST "+pattern, g.enter(g.act(p.done(f))))
	}
	do("/run", p.runNow)
	do("/pause", p.pause)
	do("/approve", p.approve)
	do("/look", p.look)
	return headers(mux)
}

func planStyle(w http.ResponseWriter, _ *http.Request) {
	css, err := report.PlanCSS()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = io.WriteString(w, css) // whoever asked has gone otherwise
}

// headers keep what the page shows within the page.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !strings.HasPrefix(r.URL.Path, "/static/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// health says whether the loop still turns.
func (d *daemon) health(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	beat := d.beat
	d.mu.Unlock()
	if age := d.World.Now().Sub(beat); age > late {
		http.Error(w, "the loop has not turned for "+report.Duration(age), http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok\n") // whoever asked has gone otherwise
}

// ready says whether imports can run: a configuration without mistakes and a look that
// was whole.
func (d *daemon) ready(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	problems := slices.Concat(d.wrong, d.problems())
	looked := !d.beat.IsZero()
	d.mu.Unlock()
	switch {
	case !looked:
		http.Error(w, "starting", http.StatusServiceUnavailable)
	case len(problems) > 0:
		http.Error(w, problems[0].Summary+": "+problems[0].Detail, http.StatusServiceUnavailable)
	default:
		_, _ = io.WriteString(w, "ready\n") // whoever asked has gone otherwise
	}
}

func (d *daemon) metricsPage(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	if err := d.metrics(&b); err != nil {
		http.Error(w, report.FromError(err).Detail, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = io.WriteString(w, b.String()) // whoever asked has gone otherwise
}

// events streams what happens, one JSON object an event, until the listener goes.
func (d *daemon) events(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	if err := errors.Join(control.SetReadDeadline(time.Time{}), control.SetWriteDeadline(time.Time{})); err != nil {
		http.Error(w, "This connection cannot stream.", http.StatusNotImplemented)
		return
	}
	ticks, stop := d.feed.listen()
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	if _, err := io.WriteString(w, "retry: 3000\n\n"); err != nil {
		return
	}
	for _, t := range d.feed.current() {
		if send(w, t) != nil {
			return
		}
	}
	for {
		if control.Flush() != nil {
			return
		}
		select {
		case t := <-ticks:
			if send(w, t) != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-d.ctx.Done():
			return
		}
	}
}

func send(w io.Writer, t tick) error {
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "data: %s\n\n", data)
	return err
}

// done answers a form: back to a page when it is done, a page that says why not otherwise.
func (p *pages) done(f func(r *http.Request) (string, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, err := f(r)
		switch {
		case err != nil && accepts(r):
			w.WriteHeader(http.StatusConflict)
			p.render(w, "refused", refusedView{p.frame(w, r, "Not done"), findings(err)})
		case err != nil:
			http.Error(w, report.FromError(err).Detail, http.StatusConflict)
		case accepts(r):
			http.Redirect(w, r, to, http.StatusSeeOther)
		default:
			w.WriteHeader(http.StatusAccepted)
		}
	})
}

func targetOf(r *http.Request) (addr.Address, error) { return addr.Parse(r.PostFormValue("target")) }

func (p *pages) runNow(r *http.Request) (string, error) {
	a, err := targetOf(r)
	if err != nil {
		return "", err
	}
	return "/#tables", p.d.runNow(r.Context(), a)
}

func (p *pages) pause(r *http.Request) (string, error) {
	name, to := r.PostFormValue("schedule"), "/#schedules"
	if name == "" {
		name, to = r.PostFormValue("target"), "/#tables"
	}
	a, err := addr.Parse(name)
	if err != nil {
		return "", err
	}
	return to, p.d.pause(r.Context(), a, r.PostFormValue("paused") == "true")
}

func (p *pages) approve(r *http.Request) (string, error) {
	return "/", p.d.approve(r.PostFormValue("plan"))
}

func (p *pages) look(*http.Request) (string, error) {
	p.d.forgetStamp()
	p.d.wake()
	return "/", nil
}
