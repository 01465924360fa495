package project

import (
	"context"
	"errors"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/stream"
)

// Stored reads the first rows of a table as it stands on disk. name is as for Table. It
// asks no service.
func (p *Project) Stored(ctx context.Context, name string, limit int) (TableInfo, []stream.Column, []*stream.Rows, error) {
	w, t, info, err := p.Table(name)
	if err != nil {
		return TableInfo{}, nil, nil, err
	}
	m, err := t.Manifest(info.Commit)
	var batches []*stream.Rows
	if err == nil {
		for rows, rerr := range t.Rows(ctx, nil, limit) {
			if err = rerr; err != nil {
				break
			}
			batches = append(batches, rows)
		}
	}
	return info, m.Columns, batches, errors.Join(err, w.Close())
}

// Schema is the columns of a table before and after a plan.
type Schema struct {
	Path          string
	Before, After []stream.Column // nil: there is no such table
}

// Schemas returns the schema of every table that a plan changes.
func (p *Project) Schemas(made *plan.Plan) (map[addr.Address]Schema, error) {
	s, err := p.situation()
	if err != nil {
		return nil, err
	}
	columns := map[string][]stream.Column{}
	for _, t := range s.seen.Tables {
		columns[t.ID] = t.Head.Columns
	}
	out := map[addr.Address]Schema{}
	for _, c := range made.Changes {
		if c.Address.Kind != addr.Target || c.Effect == plan.Noop {
			continue
		}
		schema := Schema{Path: c.Path, Before: columns[c.Table]}
		if t, ok := made.State.Targets[c.Address]; ok && !t.Deleting {
			schema.After = t.Spec.Columns()
		}
		out[c.Address] = schema
	}
	return out, nil
}
