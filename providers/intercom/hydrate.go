package intercom

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// hydrated reads every object by itself.
type hydrated struct {
	children
	way hydrate
}

func (h *hydrated) rows(ctx context.Context, items []item, f *stream.Final) (*stream.Rows, error) {
	paths := make([]string, len(items))
	for i, o := range items {
		paths[i] = pathOf(h.way.path, o.id)
	}
	bodies, err := h.each(ctx, paths, nil)
	if err != nil {
		return nil, err
	}
	for i, body := range bodies {
		if body == nil {
			f.Skipped++
			continue
		}
		if err := h.one(ctx, paths[i], items[i].id, body, f); err != nil {
			return nil, err
		}
	}
	return h.decoder.Take(), nil
}

// one takes the rows of one object, and asks once more where the answer is spoilt or holds
// fewer rows than the object says it has.
func (h *hydrated) one(ctx context.Context, path, id string, body []byte, f *stream.Final) error {
	rows, total, page, err := h.add(body, h.way.list, h.way.parent, id)
	if err != nil { // spoilt on its way, perhaps
		if rows, total, page, err = h.again(ctx, path, nil, h.way.list, h.way.parent, id); err != nil {
			return err
		}
	}
	total = max(total, h.told(page))
	if rows < min(total, mostParts) {
		if rows, total, err = h.completed(ctx, path, id, body, rows, total); err != nil {
			return err
		}
	}
	reconcile(f, rows, total)
	return nil
}

// completed asks for an object that gave too few rows once more, and adds what was missing.
// An object that is gone by then has no more than it gave.
func (h *hydrated) completed(ctx context.Context, path, id string, had []byte, rows, total int64) (int64, int64, error) {
	bodies, err := h.each(ctx, []string{path}, nil)
	if err != nil {
		return 0, 0, err
	}
	if bodies[0] == nil {
		return rows, rows, nil
	}
	known := h.idsIn(had)
	_, again, page, err := h.addSome(bodies[0], h.way.list, h.way.parent, id, func(e decode.Element) bool {
		name, _ := e.String(0)
		fresh := !known[name]
		if known[name] = true; fresh {
			rows++
		}
		return fresh
	})
	if err != nil {
		return 0, 0, malformed(h.decl, path, err)
	}
	return rows, max(again, h.told(page)), nil
}

// idsIn are the ids of the rows that a body holds.
func (h *hydrated) idsIn(body []byte) map[string]bool {
	out := map[string]bool{}
	_, elements, err := decode.Envelope(body, h.way.list)
	if err != nil {
		return out
	}
	for _, text := range elements {
		var e struct {
			ID json.RawMessage `json:"id"`
		}
		if json.Unmarshal(text, &e) == nil {
			out[strings.Trim(string(e.ID), `"`)] = true
		}
	}
	return out
}

// told is how many rows the object's own statistics count; -1 when they count none.
func (h *hydrated) told(page decode.Page) int64 {
	outer, inner, _ := strings.Cut(h.way.counted, ".")
	var statistics map[string]json.RawMessage
	var n *int64
	if json.Unmarshal(page.Rest[outer], &statistics) != nil || json.Unmarshal(statistics[inner], &n) != nil || n == nil {
		return -1
	}
	return *n
}
