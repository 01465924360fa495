package project

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
)

// Discovery is what an account offers, written as configuration.
type Discovery struct {
	// Text is HCL in canonical layout that can be applied as it is beside the configuration.
	Text string
	// Written and Left count the streams that are declared in it and those that are not.
	Written, Left int
}

// Discover asks the account of a connection what it offers. It writes nothing.
func (p *Project) Discover(ctx context.Context, a addr.Address) (Discovery, error) {
	c := p.config.Connection(a)
	switch {
	case c == nil:
		return Discovery{}, p.unknown(a)
	case a.Module != "":
		return Discovery{}, &Error{Kind: Refused, Address: a, Summary: "Connection inside a module",
			Detail: fmt.Sprintf("Sources of the root folder cannot name %s. Run discover in the module's own folder, with a connection there.", a)}
	}
	access := p.accessOf(a, c.Provider, c.Settings)
	if access.Err != nil {
		return Discovery{}, access.Err
	}
	session, err := access.Provider.Open(ctx, access.Connection)
	if err != nil {
		return Discovery{}, err
	}
	d, err := p.discovered(ctx, session, c)
	return d, errors.Join(err, session.Close())
}

func (p *Project) discovered(ctx context.Context, session providers.Session, c *lang.Connection) (Discovery, error) {
	discoverer, ok := session.(providers.Discoverer)
	if !ok {
		return Discovery{}, &Error{Kind: Refused, Address: c.Address, Summary: "Nothing to discover", Detail: fmt.Sprintf("The provider %s does not say what an account offers; `inlay schema` lists its streams.", c.Provider)}
	}
	workspace, err := session.Identity(ctx)
	if err != nil {
		return Discovery{}, err
	}
	offers, err := discoverer.Discover(ctx)
	if err != nil {
		return Discovery{}, err
	}
	w := &discoveryWriter{connection: c, taken: p.taken()}
	w.remark("What %s offers: workspace %s (%s), asked on %s. Written by inlay discover; edit it at will.", c.Address, workspace.Name, workspace.ID, p.world.Now().UTC().Format("2006-01-02"))
	streams := p.world.provider(c.Provider).Streams(c.Settings)
	for _, o := range offers {
		if at := slices.IndexFunc(streams, func(s stream.Stream) bool { return s.Name == o.Stream }); at >= 0 {
			w.offer(o, streams[at], p.readBy(c.Address, o.Stream))
		}
	}
	text, diags := lang.Format([]byte(w.b.String()), "discovered.hcl")
	if diags.HasErrors() {
		return Discovery{}, &DiagnosticsError{diags}
	}
	return Discovery{Text: string(text), Written: w.written, Left: w.left}, nil
}

// readBy is the source of the configuration that reads a stream already; zero for none.
func (p *Project) readBy(connection addr.Address, name string) addr.Address {
	for _, s := range p.config.Sources {
		if s.Connection == connection && s.Settings.String("stream") == name {
			return s.Address
		}
	}
	return addr.Address{}
}

// taken are the names that the configuration gives to blocks and tables.
func (p *Project) taken() map[string]bool {
	out := map[string]bool{}
	for _, s := range p.config.Sources {
		out["source."+s.Address.Type+"."+s.Address.Name] = true
	}
	for _, t := range p.config.Targets {
		out["target."+t.Address.Type+"."+t.Address.Name] = true
		out[strings.ToLower("table."+t.Database+"."+t.Table)] = true
	}
	return out
}
