package iceberg

import (
	"context"
	"errors"
	"time"

	"github.com/apache/iceberg-go/catalog"
	icetable "github.com/apache/iceberg-go/table"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/table"
)

// patience is how long one showing may take with all its attempts.
const patience = 10 * time.Minute

// attempts is how often a commit is tried while others commit to the same table, or the
// catalog does not answer; pause is how long is waited before the second, and twice as long
// before each after it.
const (
	attempts = 8
	pause    = 100 * time.Millisecond
)

// publisher is the table.Publisher of one target.
type publisher struct{ world project.TargetWorld }

// Place implements table.Publisher.
func (p *publisher) Place(m table.Manifest) string { return placeOf(m).String() }

// Show implements table.Publisher. A commit that others were faster than is worked out anew
// on what they committed; so is one whose answer was lost, which finds out that it is done.
func (p *publisher) Show(s table.Showing) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	at := placeOf(s.Manifest)
	c, err := p.open(ctx, at)
	if err != nil {
		return explain(at, err)
	}
	err = p.again(ctx, func() error {
		t, err := home(ctx, c, at, s)
		if err == nil {
			t, err = commit(ctx, t, s)
		}
		if err == nil {
			err = expire(ctx, c, t, s)
		}
		return err
	})
	if ident, moved := at.left(s.Last); err == nil && moved {
		err = hide(ctx, c, ident, s.Manifest.Table)
	}
	return explain(at, errors.Join(err, c.release()))
}

// Hide implements table.Publisher.
func (p *publisher) Hide(s table.Showing) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	at := placeOf(s.Manifest)
	c, err := p.open(ctx, at)
	if err != nil {
		return explain(at, err)
	}
	err = hide(ctx, c, at.ident, s.Manifest.Table)
	return explain(at, errors.Join(err, c.release()))
}

// hide takes the table out of the catalog if it is that of ours, and removes no file.
func hide(ctx context.Context, c opened, ident []string, id string) error {
	t, err := c.LoadTable(ctx, ident)
	if errors.Is(err, catalog.ErrNoSuchTable) || errors.Is(err, catalog.ErrNoSuchNamespace) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.Properties()[keyTable] != id {
		return nil // somebody else's, which came to stand there
	}
	return c.DropTable(ctx, ident)
}

// again tries until it works, is refused for good, or has been tried often enough.
func (p *publisher) again(ctx context.Context, try func() error) error {
	wait := pause
	for n := 1; ; n++ {
		err := try()
		var no *refusal
		if err == nil || errors.As(err, &no) || n == attempts || final(err) {
			return err
		}
		if p.world.Sleep(ctx, wait) != nil {
			return err
		}
		wait *= 2
	}
}

// home is the Iceberg table, made when it is missing.
func home(ctx context.Context, c opened, at place, s table.Showing) (*icetable.Table, error) {
	t, err := c.LoadTable(ctx, at.ident)
	if errors.Is(err, catalog.ErrNoSuchTable) || errors.Is(err, catalog.ErrNoSuchNamespace) {
		return create(ctx, c, at, s)
	}
	if err != nil {
		return nil, err
	}
	return t, belongs(t, at, s.Manifest)
}

func create(ctx context.Context, c opened, at place, s table.Showing) (*icetable.Table, error) {
	m := s.Manifest
	namespace := at.ident[:len(at.ident)-1]
	if there, err := c.CheckNamespaceExists(ctx, namespace); err != nil || !there {
		err := errors.Join(err, c.CreateNamespace(ctx, namespace, nil))
		if err != nil && !errors.Is(err, catalog.ErrNamespaceAlreadyExists) {
			return nil, err
		}
	}
	location := s.Home + "/iceberg"
	if l := at.settings.String("location"); l != "" {
		location = l + "/" + m.Table
	}
	return c.CreateTable(ctx, at.ident, newSchema(m.Columns), catalog.WithLocation(location), catalog.WithProperties(map[string]string{
		"format-version": "2",
		keyTable:         m.Table, keyLineage: m.Lineage, keyColumns: originsOf(m).text(),
		icetable.ManifestMergeEnabledKey:             "true",
		icetable.MetadataDeleteAfterCommitEnabledKey: "true", icetable.MetadataPreviousVersionsMaxKey: "10",
		icetable.GCEnabledKey: "false", // the parts are inlay's to remove, and nobody else's
	}))
}
