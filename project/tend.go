package project

import (
	"context"
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// tending is the run of a table's work that no plan asked for, in the name of its target and by the spec
// it has.
func (p *Project) tending(t *table.Table, info TableInfo) (table.Run, error) {
	st, err := p.State()
	if err != nil {
		return table.Run{}, err
	}
	head, err := t.Manifest(info.Commit)
	if err != nil {
		return table.Run{}, err
	}
	r := table.Run{ID: runID(p.world.Now()), Address: info.Address, Lineage: head.Lineage, Started: p.world.Now(), Spec: head.Spec, Workspace: head.Workspace}
	if st != nil {
		r.Lineage = st.Lineage
	}
	if r.Address == "" {
		r.Address = head.Address
	}
	return r, nil
}

// Compact writes a table's parts anew, as few and as large as its spec allows.
func (p *Project) Compact(ctx context.Context, t *table.Table, info TableInfo) (table.Manifest, error) {
	r, err := p.tending(t, info)
	if err != nil {
		return table.Manifest{}, err
	}
	p.world.importing()
	return t.Compact(ctx, r)
}

// Erase removes the rows with these keys from every snapshot and from staging, and
// returns how many went. Each key is the values of the key columns in order, as text, with
// commas between them where there are several.
func (p *Project) Erase(ctx context.Context, t *table.Table, info TableInfo, keys []string) (int64, error) {
	r, err := p.tending(t, info)
	if err != nil {
		return 0, err
	}
	var list []stream.Key
	for _, text := range keys {
		k := stream.Key{text}
		if len(r.Spec.Key) > 1 {
			k = strings.Split(text, ",")
		}
		if len(k) != len(r.Spec.Key) {
			return 0, &Error{Kind: Refused, Summary: "Key of several columns", Detail: fmt.Sprintf("A row of %s is known by %d columns together, and %q is not a value for each. Write the values of %s with commas between them and no space.", info.Path, len(r.Spec.Key), text, strings.Join(r.Spec.Key, ","))}
		}
		list = append(list, k)
	}
	p.world.importing()
	return t.Erase(ctx, list, r)
}

// Rollback publishes an older snapshot again, as a new commit.
func (p *Project) Rollback(t *table.Table, info TableInfo, commit int64) (table.Manifest, error) {
	r, err := p.tending(t, info)
	if err != nil {
		return table.Manifest{}, err
	}
	return t.Rollback(commit, r)
}

// Views is SQL that creates one DuckDB view for every table.
func (p *Project) Views() (string, error) {
	s, err := p.situation()
	if err != nil {
		return "", err
	}
	w, err := p.warehouse()
	if err != nil {
		return "", err
	}
	return table.Views(s.seen, w.Place()), w.Close()
}
