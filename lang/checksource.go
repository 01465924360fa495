package lang

import (
	"maps"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// checkSources gives every source its stream and cursor.
func (l *load) checkSources(cfg *Config) {
	offered := map[addr.Address][]stream.Stream{}
	for i := range cfg.Sources {
		src := &cfg.Sources[i]
		c := cfg.Connection(src.Connection)
		if c == nil { // reported; with a connection that says nothing the stream can still be looked at
			c = &Connection{Provider: src.Address.Type, Block: Block{Settings: l.connectionDefaults(src.Address.Type)}}
		}
		if !l.sameProvider(src, c) {
			continue
		}
		key := addr.Address{Type: c.Provider}
		if !c.Address.IsZero() {
			key = c.Address
		}
		streams, ok := offered[key]
		if !ok {
			streams = l.streams(c)
			offered[key] = streams
		}
		l.checkStream(src, streams)
	}
}

// checkConnections lets each provider look at its connections as a whole.
func (l *load) checkConnections(cfg *Config) {
	for i := range cfg.Connections {
		c := &cfg.Connections[i]
		check := l.catalogue.Providers[c.Provider].Check
		if check == nil {
			continue
		}
		written := func(attribute string) bool { _, ok := c.Ranges[attribute]; return ok }
		for _, f := range check(c.Settings, written) {
			if f.Warning {
				l.found.warning(sumConnectionNote, c.At(f.Attribute).hcl(), "%s", f.Detail)
			} else if !c.broken[f.Attribute] {
				l.found.error(sumConnection, c.At(f.Attribute).hcl(), "%s", f.Detail)
			}
		}
	}
}

func (l *load) streams(c *Connection) []stream.Stream {
	if p := l.catalogue.Providers[c.Provider]; p.Streams != nil {
		return p.Streams(c.Settings)
	}
	return nil
}

func (l *load) connectionDefaults(provider string) setting.Values {
	return newSchema(l.catalogue.Providers[provider].Connection, false).fill()
}

func (l *load) sameProvider(src *Source, c *Connection) bool {
	if src.Address.Type == c.Provider {
		return true
	}
	l.blame(sumWrongReference, &src.Block, "connection", "A source %q reads from a connection %q, and %s is a connection %q.", src.Address.Type, src.Address.Type, c.Address, c.Provider)
	return false
}

func (l *load) checkStream(src *Source, streams []stream.Stream) {
	name := src.Settings.String("stream")
	if name == "" {
		return // reported: missing or of the wrong type
	}
	at := slices.IndexFunc(streams, func(s stream.Stream) bool { return s.Name == name })
	if at < 0 {
		known := make([]string, len(streams))
		for i, s := range streams {
			known[i] = s.Name
		}
		l.blame(sumUnknownStream, &src.Block, "stream", "Provider %s has no stream %q.%s", src.Address.Type, name, hint(name, known))
		return
	}
	src.Stream = streams[at]
	l.checkCursor(src)
	l.checkFilter(src)
	l.checkExpand(src)
}

// checkFilter refuses names that the service's search does not know.
func (l *load) checkFilter(src *Source) {
	s, filter := src.Stream, src.Settings.Block("filter")
	if len(filter) > 0 && len(s.Filters) == 0 {
		l.blame(sumFilter, &src.Block, "filter", "The service lists the stream %q whole and cannot filter it. Take filter out.", s.Name)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(filter)) {
		if !filterable(name, s.Filters) {
			l.blame(sumFilter, &src.Block, "filter", "The stream %q cannot be filtered by %q.%s", s.Name, name, hint(name, s.Filters))
		}
	}
}

func filterable(name string, known []string) bool {
	return slices.ContainsFunc(known, func(k string) bool {
		if strings.HasSuffix(k, ".") {
			return strings.HasPrefix(name, k) && len(name) > len(k)
		}
		return k == name
	})
}

// checkExpand refuses lists that the stream's rows do not have.
func (l *load) checkExpand(src *Source) {
	s := src.Stream
	for _, name := range src.Settings.Strings("expand") {
		switch {
		case len(s.Expands) == 0:
			l.blame(sumExpand, &src.Block, "expand", "The rows of the stream %q hold no lists that the service cuts short, so there is nothing to complete. Take expand out.", s.Name)
			return
		case !slices.Contains(s.Expands, name):
			l.blame(sumExpand, &src.Block, "expand", "The rows of the stream %q have no list %q to complete.%s", s.Name, name, hint(name, s.Expands))
		}
	}
}

// resolution is settings with those that what they refer to decides.
type resolution struct{ written, found, whole setting.Values }

// resolve adds what was found to a block's settings. Blocks that share theirs, and find the same, share
// the outcome.
func (l *load) resolve(b *Block, found setting.Values) {
	r := &l.resolved
	if !b.Settings.Is(r.written) || !found.Equal(r.found) {
		*r = resolution{b.Settings, found, maps.Clone(b.Settings)}
		maps.Copy(r.whole, found)
	}
	b.Settings = r.whole
}

func (l *load) checkCursor(src *Source) {
	s, cursor := src.Stream, src.Settings.String("cursor")
	if !src.Settings.Bool("incremental") {
		return
	}
	switch {
	case len(s.Cursors) == 0:
		l.blame(sumIncremental, &src.Block, "incremental", "The stream %q has no column by which new rows could be told from old ones, so each run must read all of it. Leave incremental out; a target with mode = \"replace\" then holds what there is now.", s.Name)
	case cursor == "":
		src.Cursor = s.Cursors[0]
		l.resolve(&src.Block, setting.Values{"cursor": src.Cursor})
	case !slices.Contains(s.Cursors, cursor):
		l.blame(sumCursor, &src.Block, "cursor", "The stream %q cannot be read by %q.%s", s.Name, cursor, hintOneOf(cursor, s.Cursors))
	default:
		src.Cursor = cursor
	}
}

// blame reports an error at an attribute of a block: the first of those named that was
// written, or else the block's header.
func (l *load) blame(summary string, b *Block, attribute, format string, args ...any) {
	l.found.error(summary, b.At(attribute).hcl(), format, args...)
}
