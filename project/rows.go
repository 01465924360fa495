package project

import (
	"context"
	"errors"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
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

// Staged reads the first rows that an unfinished or held-back run of a table has staged,
// the latest run first. name is as for Table. It asks no service.
func (p *Project) Staged(ctx context.Context, name string, limit int) (run table.Staged, columns []stream.Column, batches []*stream.Rows, err error) {
	w, t, info, err := p.Table(name)
	if err != nil {
		return run, nil, nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	seen, err := w.Look()
	if err != nil {
		return run, nil, nil, err
	}
	for _, s := range seen.Tables {
		for _, staged := range s.Staged {
			if s.ID == t.ID() && !staged.Saved.Before(run.Saved) {
				run = staged
			}
		}
	}
	if run.Run == "" {
		return run, nil, nil, &Error{Kind: NotFound, Summary: "Nothing is staged", Detail: "No unfinished or held-back run has rows for " + info.Path + "."}
	}
	for rows, rerr := range t.StagedRows(ctx, run.Run, nil, limit) {
		if rerr != nil {
			return run, nil, nil, rerr
		}
		batches = append(batches, rows)
	}
	return run, run.Spec.Columns(), batches, nil
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
