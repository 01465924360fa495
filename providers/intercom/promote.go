package intercom

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/stream"
)

// openColumn holds a workspace's own attributes.
const openColumn = "custom_attributes"

// attribute is one attribute of the workspace's own. Conversations have no other kind, and
// their list does not say so.
type attribute struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Type        string `json:"data_type"`
	Custom      *bool  `json:"custom"`
	Archived    bool   `json:"archived"`
}

// promotions asks for the attributes that a stream lists, archived ones left out. notes
// name those that cannot be columns.
func (s *session) promotions(ctx context.Context, name string) (list []providers.Promotion, notes []string, err error) {
	d, err := s.wanted(name)
	if err != nil {
		return nil, nil, err
	}
	w, ok := d.way.(whole)
	if !ok {
		return nil, nil, nil
	}
	q := url.Values{}
	for name, value := range w.query {
		q.Set(name, value)
	}
	a, err := s.ask(ctx, s.client, d, rest.Request{Method: "GET", Path: w.path, Query: q})
	if err != nil {
		return nil, nil, err
	}
	var page map[string]json.RawMessage
	var all []attribute
	err = json.Unmarshal(a.Body, &page)
	if raw, ok := page[w.list]; ok && err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil {
		return nil, nil, malformed(d, w.path, err)
	}
	for _, at := range all {
		switch {
		case at.Archived || at.Custom != nil && !*at.Custom || at.Name == "":
		case strings.Contains(at.Name, "."):
			notes = append(notes, fmt.Sprintf("The attribute %q has a dot in its name, so it stays inside %s.", at.Name, openColumn))
		default:
			list = append(list, providers.Promotion{From: []string{openColumn, at.Name}, Type: attributeType(at.Type), Doc: clip(at.Description)})
		}
	}
	return list, notes, nil
}

// attributeType is the column type of an attribute; what Intercom may add stays JSON.
func attributeType(t string) stream.Kind {
	switch t {
	case "string", "list", "options", "":
		return stream.String
	case "integer":
		return stream.Int
	case "float", "decimal", "number":
		return stream.Float
	case "boolean":
		return stream.Bool
	case "date", "datetime":
		return stream.Timestamp
	}
	return stream.JSON
}
