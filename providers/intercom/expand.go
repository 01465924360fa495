package intercom

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/stream/decode"
)

// expansion completes the sub-lists of contacts that a search shows the first ten of. The
// elements keep the form that they have in a search: type, id and address.
type expansion struct {
	session *session
	client  *rest.Client
	decl    declaration
	rows    string   // where a page has its contacts
	lists   []string // members of a contact, such as tags
}

// expansionOf reads a source's expand setting; nil when nothing is to be completed.
func (s *session) expansionOf(client *rest.Client, d declaration, r providers.Read) (*expansion, error) {
	names := r.Settings.Strings("expand")
	if len(names) == 0 {
		return nil, nil
	}
	w, ok := d.way.(search)
	for _, name := range names {
		if !ok || !slices.Contains(w.expands(), name) {
			return nil, unusable("The stream %s has no list %q that could be expanded; users, leads and contacts have tags, companies and notes.", d.Name, name)
		}
	}
	return &expansion{s, client, d, w.list, names}, nil
}

// whole rewrites a page so that its contacts have their lists whole.
func (x *expansion) whole(ctx context.Context, body []byte) ([]byte, error) {
	page, elements, err := decode.Envelope(body, x.rows)
	if err != nil {
		return body, nil // the reader of the page says what is wrong with it
	}
	objects := make([][]byte, len(elements))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, text := range elements {
		g.Go(func() (err error) {
			objects[i], err = x.object(ctx, text)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return rebuilt(page.Rest, x.rows, bytes.Join(objects, []byte(","))), nil
}

// rebuilt writes an object anew from its members and the elements of its one list, which
// stands at a path of one or two names.
func rebuilt(members map[string]json.RawMessage, list string, elements []byte) []byte {
	outer, inner, nested := strings.Cut(list, ".")
	if !nested {
		inner = outer
	}
	wrapper := append(append([]byte(`"`), inner...), `":[`...)
	wrapper = append(append(wrapper, elements...), ']')
	out := []byte{'{'}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if within, ok := strings.CutPrefix(name, outer+"."); nested && ok {
			wrapper = append(append(append(append(wrapper, ','), quoted(within)...), ':'), members[name]...)
			continue
		}
		out = append(append(append(append(out, quoted(name)...), ':'), members[name]...), ',')
	}
	if nested {
		return append(append(append(append(append(out, '"'), outer...), `":{`...), wrapper...), `}}`...)
	}
	return append(append(out, wrapper...), '}')
}

func quoted(name string) []byte {
	b, err := json.Marshal(name)
	if err != nil { // strings always marshal
		return []byte(`""`)
	}
	return b
}

// object completes the lists of one contact that are longer than shown.
func (x *expansion) object(ctx context.Context, text []byte) ([]byte, error) {
	var o struct {
		ID                     string `json:"id"`
		Tags, Companies, Notes *sublist
	}
	if json.Unmarshal(text, &o) != nil {
		return text, nil
	}
	by := map[string]*sublist{"tags": o.Tags, "companies": o.Companies, "notes": o.Notes}
	for _, name := range x.lists {
		shown := by[name]
		if shown == nil || !shown.More && int64(len(shown.Data)) >= shown.Total {
			continue
		}
		full, err := x.list(ctx, o.ID, name)
		if err != nil {
			return nil, err
		}
		if full == nil {
			continue // gone since it was listed
		}
		page, _, err := decode.Envelope(text, name+".data")
		if err != nil {
			return text, nil
		}
		text = rebuilt(page.Rest, name+".data", full)
	}
	return text, nil
}

type sublist struct {
	Data  []json.RawMessage `json:"data"`
	Total int64             `json:"total_count"`
	More  bool              `json:"has_more"`
}

// list asks for all elements of a contact's list, written as in a search; nil if the
// contact is gone.
func (x *expansion) list(ctx context.Context, id, name string) ([]byte, error) {
	var out []byte
	q := url.Values{}
	for number := 1; number <= 1000; number++ {
		if name != "tags" {
			q.Set("page", strconv.Itoa(number))
		}
		path := "/contacts/" + url.PathEscape(id) + "/" + name
		a, err := x.session.ask(ctx, x.client, x.decl, rest.Request{Method: "GET", Path: path, Query: q})
		if status, _ := refusedWith(err); status == 404 || status == 410 {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		page, elements, err := decode.Envelope(a.Body, "data")
		if err != nil {
			return nil, malformed(x.decl, path, err)
		}
		for _, e := range elements {
			if out, err = addressedAs(out, e, name); err != nil {
				return nil, malformed(x.decl, path, err)
			}
		}
		if name == "tags" || len(elements) == 0 || !hasNext(page) {
			return out, nil
		}
	}
	return nil, endless(x.decl, "/contacts/{id}/"+name, "a list has more than a thousand pages")
}

// addressedAs writes an element as searches show it.
func addressedAs(out, element []byte, name string) ([]byte, error) {
	var e struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	if err := json.Unmarshal(element, &e); err != nil {
		return nil, err
	}
	text, err := json.Marshal(struct {
		Type string `json:"type"`
		ID   string `json:"id"`
		URL  string `json:"url"`
	}{e.Type, e.ID, "/" + name + "/" + e.ID})
	if len(out) > 0 {
		out = append(out, ',')
	}
	return append(out, text...), err
}
