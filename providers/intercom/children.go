package intercom

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// atOnce is how many objects are asked for at the same time; the rate limit slows them down.
const atOnce = 24

// mostParts is how many parts Intercom shows of a conversation or ticket: the newest.
const mostParts = 500

// childOf makes what turns objects into the consumer's rows; nil where they are its rows.
func (s *session) childOf(client *rest.Client, c *consumer) (child, error) {
	switch c.decl.way.(type) {
	case hydrate, under, within:
	default:
		return nil, nil
	}
	d, err := c.decoder([]string{"id"})
	if err != nil {
		return nil, err
	}
	base := children{session: s, client: client, decl: c.decl, decoder: d}
	switch w := c.decl.way.(type) {
	case hydrate:
		return &hydrated{base, w}, nil
	case within:
		return &inside{base, w}, nil
	case under:
		base.probe, err = decode.New(stream.Shape{NoRest: true}, decode.Options{Capture: []string{w.counted}})
		return &below{base, w}, err
	}
	return nil, nil
}

type children struct {
	session *session
	client  *rest.Client
	decl    declaration
	decoder *decode.Decoder
	probe   *decode.Decoder
}

// each asks for every path side by side; a nil body is an object that is gone.
func (c *children) each(ctx context.Context, paths []string, query url.Values) ([][]byte, error) {
	bodies := make([][]byte, len(paths))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, path := range paths {
		g.Go(func() error {
			a, err := c.session.ask(ctx, c.client, c.decl, rest.Request{Method: "GET", Path: path, Query: query})
			if status, _ := refusedWith(err); status == 404 || status == 410 {
				return nil // deleted or merged since it was listed
			}
			bodies[i] = a.Body
			return err
		})
	}
	return bodies, g.Wait()
}

func pathOf(pattern, id string) string {
	return strings.Replace(pattern, "{id}", url.PathEscape(id), 1)
}

// add decodes a list inside text as rows of the object id. It says how many rows there
// are, and how many the list says there are; -1 if it does not.
func (c *children) add(text []byte, list, parent, id string) (rows, total int64, page decode.Page, err error) {
	return c.addSome(text, list, parent, id, nil)
}

// addSome adds only the rows that keep wants; nil keeps all.
func (c *children) addSome(text []byte, list, parent, id string, keep func(decode.Element) bool) (rows, total int64, page decode.Page, err error) {
	c.decoder.Inject(parent, id)
	page, err = c.decoder.Page(text, list, keep)
	if err != nil {
		return 0, 0, page, err
	}
	total = -1
	name := "total_count"
	if i := strings.LastIndexByte(list, '.'); i >= 0 {
		name = list[:i+1] + name
	}
	if raw, ok := page.Rest[name]; ok && json.Unmarshal(raw, &total) != nil {
		total = -1
	}
	return int64(page.Elements), total, page, nil
}

// again asks once more for an answer that arrived whole and could not be read.
func (c *children) again(ctx context.Context, path string, query url.Values, list, parent, id string) (rows, total int64, page decode.Page, err error) {
	bodies, err := c.each(ctx, []string{path}, query)
	if err != nil || bodies[0] == nil {
		return 0, 0, page, err
	}
	if rows, total, page, err = c.add(bodies[0], list, parent, id); err != nil {
		err = malformed(c.decl, path, err)
	}
	return rows, total, page, err
}

// reconcile notes what one object gave of what it said it has.
func reconcile(f *stream.Final, rows, total int64) {
	f.Received += rows
	switch {
	case total <= rows:
		f.Announced += rows
	case rows >= mostParts: // the cap, not a loss
		f.Announced += rows
		f.Hidden += total - rows
	default:
		f.Announced += total
	}
}

// inside takes the rows from a list that the objects carry.
type inside struct {
	children
	way within
}

func (in *inside) rows(_ context.Context, items []item, f *stream.Final) (*stream.Rows, error) {
	for _, o := range items {
		rows, total, _, err := in.add(o.text, in.way.list, in.way.parent, o.id)
		if err != nil && !lacksList(err) {
			return nil, malformed(in.decl, in.way.list, err)
		}
		if err == nil {
			reconcile(f, rows, total)
		}
	}
	return in.decoder.Take(), nil
}

// lacksList reports whether an object has no such list, or null in its place.
func lacksList(err error) bool {
	var e *decode.Error
	return errors.As(err, &e) && e.Kind == decode.NoList
}

// below reads a list under every object that has one.
type below struct {
	children
	way under
}

func (b *below) rows(ctx context.Context, items []item, f *stream.Final) (*stream.Rows, error) {
	var asked []item
	for _, o := range items {
		shown, err := b.shown(o, f)
		if err != nil {
			return nil, err
		}
		if !shown {
			asked = append(asked, o)
		}
	}
	if err := b.pages(ctx, asked, f); err != nil {
		return nil, err
	}
	return b.decoder.Take(), nil
}

// shown takes the list from the object itself where all of it stands there.
func (b *below) shown(o item, f *stream.Final) (bool, error) {
	if b.way.counted == "" {
		return false, nil
	}
	if err := b.probe.Object(o.text); err != nil {
		return false, malformed(b.decl, b.way.counted, err)
	}
	total, counted := b.probe.Last().Int(0)
	b.probe.Take()
	if !counted || total > 0 && b.way.inside == "" {
		return false, nil
	}
	if total == 0 {
		return true, nil
	}
	_, elements, err := decode.Envelope(o.text, b.way.inside)
	if err != nil && !lacksList(err) {
		return false, malformed(b.decl, b.way.inside, err)
	}
	if int64(len(elements)) < total {
		return false, nil
	}
	rows, _, _, err := b.add(o.text, b.way.inside, b.way.parent, o.id)
	if err != nil {
		return false, malformed(b.decl, b.way.inside, err)
	}
	reconcile(f, rows, total)
	return true, nil
}

// pages asks for the lists of the objects, page by page where they have pages.
func (b *below) pages(ctx context.Context, items []item, f *stream.Final) error {
	for number := 1; len(items) > 0; number++ {
		paths, query := make([]string, len(items)), url.Values{}
		for i, o := range items {
			paths[i] = pathOf(b.way.path, o.id)
		}
		if b.way.paging == numbered {
			query.Set("page", strconv.Itoa(number))
		}
		bodies, err := b.each(ctx, paths, query)
		if err != nil {
			return err
		}
		var further []item
		for i, body := range bodies {
			if body == nil {
				f.Skipped++
				continue
			}
			rows, _, page, err := b.add(body, b.way.list, b.way.parent, items[i].id)
			if err != nil {
				if rows, _, page, err = b.again(ctx, paths[i], query, b.way.list, b.way.parent, items[i].id); err != nil {
					return err
				}
			}
			reconcile(f, rows, rows)
			if b.way.paging == numbered && rows > 0 && hasNext(page) {
				further = append(further, items[i])
			}
		}
		if number > 1000 {
			return endless(b.decl, b.way.path, "a list has more than a thousand pages")
		}
		items = further
	}
	return nil
}

// hasNext reports whether a numbered page is followed by another.
func hasNext(p decode.Page) bool {
	var pages struct {
		Next  json.RawMessage `json:"next"`
		Page  int             `json:"page"`
		Total int             `json:"total_pages"`
	}
	if json.Unmarshal(p.Rest["pages"], &pages) != nil {
		return false
	}
	return len(pages.Next) > 0 && string(pages.Next) != "null" || pages.Page > 0 && pages.Page < pages.Total
}
