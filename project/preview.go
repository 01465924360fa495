package project

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
)

// Preview reads the first rows of a source, or of a target in its shape. It writes nothing.
func (p *Project) Preview(ctx context.Context, a addr.Address, limit int) ([]stream.Column, []*stream.Rows, error) {
	source, shape, err := p.previewed(a)
	if err != nil {
		return nil, nil, err
	}
	connection := p.config.Connection(source.Connection)
	if connection == nil {
		return nil, nil, p.unknown(source.Connection)
	}
	access := p.accessOf(connection.Address, connection.Provider, connection.Settings)
	if access.Err != nil {
		return nil, nil, access.Err
	}
	session, err := access.Provider.Open(ctx, access.Connection)
	if err != nil {
		return nil, nil, err
	}
	rows, err := firstRows(ctx, session, providers.Read{
		Stream: source.Stream.Name, Settings: source.Settings, Shape: shape, HashKey: p.config.Inlay.HashKey, Full: true, Started: p.world.Now(),
	}, limit)
	return shape.Columns(), rows, errors.Join(err, session.Close())
}

// previewed finds the source to read and the shape to show it in.
func (p *Project) previewed(a addr.Address) (*lang.Source, stream.Shape, error) {
	switch a.Kind {
	case addr.Source:
		if s := p.config.Source(a); s != nil {
			shape, err := s.Stream.Shape(nil, nil, nil)
			return s, shape, err
		}
	case addr.Target:
		if t := p.config.Target(a); t != nil {
			if s := p.config.Source(t.Source); s != nil {
				return s, t.Shape, nil
			}
		}
	default:
		return nil, stream.Shape{}, &Error{Kind: Refused, Summary: "No rows there", Address: a, Detail: "Only a source or a target has rows to preview."}
	}
	return nil, stream.Shape{}, p.unknown(a)
}

func firstRows(ctx context.Context, session providers.Session, read providers.Read, limit int) ([]*stream.Rows, error) {
	var out []*stream.Rows
	n := 0
	for batch, err := range session.Read(ctx, providers.Request{Reads: []providers.Read{read}}) {
		if err != nil {
			return nil, err
		}
		if batch.Rows == nil || batch.Rows.N == 0 {
			continue
		}
		out = append(out, batch.Rows)
		if n += batch.Rows.N; n >= limit {
			break
		}
	}
	return out, nil
}

// unknown says that an address names no block, and what it might have meant.
func (p *Project) unknown(a addr.Address) error {
	detail := fmt.Sprintf("The configuration has no %s.", a)
	known := slices.DeleteFunc(p.addresses(), func(c addr.Address) bool { return c.Kind != a.Kind })
	if near := addr.NearestOf(a, known); near != "" {
		detail += " Did you mean " + near + "?"
	} else if len(known) > 0 {
		detail += fmt.Sprintf(" It has %s, for instance.", known[0])
	}
	return &Error{Kind: NotFound, Address: a, Summary: "Unknown address", Detail: detail}
}

// addresses lists every block of the configuration.
func (p *Project) addresses() []addr.Address {
	var out []addr.Address
	for _, b := range p.config.Connections {
		out = append(out, b.Address)
	}
	for _, b := range p.config.Sources {
		out = append(out, b.Address)
	}
	for _, b := range p.config.Targets {
		out = append(out, b.Address)
	}
	for _, b := range p.config.Schedules {
		out = append(out, b.Address)
	}
	return out
}
