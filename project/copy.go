package project

import (
	"context"
	"errors"
	"fmt"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/table"
)

// CopyTable makes a table stand in another warehouse too, with its history. The place is
// written as the configuration would write it: a folder or a URL.
func (p *Project) CopyTable(ctx context.Context, t *table.Table, place string) (table.Copied, error) {
	if objects.IsURL(place) {
		if _, err := objects.ParseURL(place); err != nil {
			return table.Copied{}, &Error{Kind: Refused, Summary: "Not a place for tables", Detail: fmt.Sprintf("%q: %v.", place, err)}
		}
	}
	w, err := p.warehouseAt(place)
	if err != nil {
		return table.Copied{}, err
	}
	var copied table.Copied
	if err = w.Probe(); err == nil {
		copied, err = t.CopyTo(ctx, w)
	}
	return copied, errors.Join(err, w.Close())
}
