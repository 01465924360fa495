package serve

import (
	"context"
	"io"
	"log/slog"
	"time"
)

// NewLog makes the log of a daemon: one line for each event, with its fields. form is what
// INLAY_LOG says: "json" is for machines, "debug" tells of every page and look as well.
func NewLog(w io.Writer, form string, now func() time.Time) *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	if form == "debug" {
		o.Level = slog.LevelDebug
	}
	if form == "json" {
		return slog.New(clocked{slog.NewJSONHandler(w, o), now})
	}
	return slog.New(clocked{slog.NewTextHandler(w, o), now})
}

// clocked stamps each line by the daemon's clock.
type clocked struct {
	slog.Handler
	now func() time.Time
}

// Handle writes one line.
func (c clocked) Handle(ctx context.Context, r slog.Record) error {
	r.Time = c.now().UTC()
	return c.Handler.Handle(ctx, r)
}
