package project

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
)

// Probe is what the services say about a plan before it is carried out.
type Probe struct {
	Connections []ProbedConnection `json:"connections"`
	Sources     []ProbedSource     `json:"sources"` // those that no import of the plan reads
	Imports     []ProbedImport     `json:"imports"`
}

// ProbedConnection is whose credentials a connection has.
type ProbedConnection struct {
	Address   addr.Address        `json:"address"`
	Workspace providers.Workspace `json:"workspace,omitzero"`
	PerSecond float64             `json:"requests_per_second,omitempty"` // that the rate limit leaves; 0 unknown
	Problem   string              `json:"problem,omitempty"`
	Err       error               `json:"-"`
}

// ProbedSource is whether a source may be read.
type ProbedSource struct {
	Address addr.Address `json:"address"`
	Problem string       `json:"problem,omitempty"`
	Err     error        `json:"-"`
}

// ProbedImport is what an import will take.
type ProbedImport struct {
	Address addr.Address `json:"address"`
	Rows    int64        `json:"rows"`    // -1 where it cannot be told
	Calls   int64        `json:"calls"`   // -1 where it cannot be told
	Seconds float64      `json:"seconds"` // at the connection's rate limit; -1 where it cannot be told
	About   bool         `json:"about,omitempty"`
	Problem string       `json:"problem,omitempty"`
	Err     error        `json:"-"`
}

// Problems are the errors that the probe met.
func (b *Probe) Problems() []error {
	var out []error
	for _, c := range b.Connections {
		out = append(out, c.Err)
	}
	for _, s := range b.Sources {
		out = append(out, s.Err)
	}
	for _, i := range b.Imports {
		out = append(out, i.Err)
	}
	return slices.DeleteFunc(out, func(err error) bool { return err == nil })
}

// Probe asks the services of a plan's connections whose credentials these are, whether the
// sources may be read, and what the imports will take. It changes nothing. The error is
// what kept it from asking at all; what a service refuses stands in the Probe.
func (p *Project) Probe(ctx context.Context, made *plan.Plan) (*Probe, error) {
	s, err := p.situation()
	if err != nil {
		return nil, err
	}
	out := &Probe{}
	if made.State == nil {
		return out, nil
	}
	tables := map[string]string{} // workspaces, by table
	for _, t := range s.seen.Tables {
		tables[t.ID] = t.Head.Workspace.ID
	}
	for _, a := range slices.SortedFunc(maps.Keys(made.State.Connections), addr.Address.Compare) {
		if err := p.probeConnection(ctx, made, a, tables, out); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out.Imports, func(a, b ProbedImport) int { return a.Address.Compare(b.Address) })
	return out, ctx.Err()
}

// probing is one connection under probe.
type probing struct {
	ctx     context.Context
	plan    *plan.Plan
	address addr.Address
	session providers.Session
	prober  providers.Prober // nil: the service cannot say
	tables  map[string]string
	out     *Probe
	self    *ProbedConnection
}

func (p *Project) probeConnection(ctx context.Context, made *plan.Plan, a addr.Address, tables map[string]string, out *Probe) error {
	out.Connections = append(out.Connections, ProbedConnection{Address: a})
	self := &out.Connections[len(out.Connections)-1]
	c := made.State.Connections[a]
	access := p.accessOf(a, c.Provider, c.Settings)
	if self.Err = access.Err; self.Err == nil {
		self.Err = p.probeSession(ctx, made, access, tables, out, self)
	}
	if self.Err != nil {
		self.Problem = problemOf(self.Err)
	}
	return ctx.Err()
}

func (p *Project) probeSession(ctx context.Context, made *plan.Plan, access apply.Access, tables map[string]string, out *Probe, self *ProbedConnection) error {
	session, err := access.Provider.Open(ctx, access.Connection)
	if err != nil {
		return err
	}
	b := &probing{ctx: ctx, plan: made, address: self.Address, session: session, tables: tables, out: out, self: self}
	b.prober, _ = session.(providers.Prober)
	if self.Workspace, err = session.Identity(ctx); err == nil {
		if err = b.imports(p.config.Inlay.HashKey, p.world.Now()); err == nil {
			b.sources()
		}
	}
	return errors.Join(err, session.Close())
}

// imports estimates the imports of the connection, group by group as apply will read them.
func (b *probing) imports(hashKey setting.Secret, now time.Time) error {
	groups := map[int][]plan.Import{}
	for _, i := range b.plan.Imports {
		if b.plan.State.Targets[i.Address].Connection == b.address {
			groups[i.Group] = append(groups[i.Group], i)
		}
	}
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		var r providers.Request
		for _, i := range groups[g] {
			r.Reads = append(r.Reads, readOf(i, b.plan.State.Targets[i.Address], hashKey, now))
		}
		estimates := make([]providers.Estimate, len(r.Reads))
		for i := range estimates {
			estimates[i] = providers.Estimate{Rows: -1, Calls: -1}
		}
		if b.prober != nil {
			var err error
			if estimates, err = b.prober.Estimate(b.ctx, r); err != nil {
				return err
			}
			b.self.PerSecond = b.prober.PerSecond()
		}
		for k, i := range groups[g] {
			b.out.Imports = append(b.out.Imports, b.probed(i, estimates[k]))
		}
	}
	return nil
}

// readOf is what an import will ask of its session.
func readOf(i plan.Import, t state.Target, hashKey setting.Secret, now time.Time) providers.Read {
	read := providers.Read{
		Stream: t.Spec.Stream(), Settings: t.Spec.Source, Shape: t.Spec.Shape, HashKey: hashKey,
		Full: i.Full, Since: i.Since, Until: i.Until, Started: now,
	}
	if !i.Full && !i.Backfill && !i.Reimport {
		read.From = i.From
	}
	return read
}

func (b *probing) probed(i plan.Import, e providers.Estimate) ProbedImport {
	t := b.plan.State.Targets[i.Address]
	out := ProbedImport{
		Address: i.Address, Rows: e.Rows, Calls: e.Calls, Seconds: -1,
		About: e.About || i.Resume != "" || i.Replaces && !i.Full, // what is staged need not be read; a look may end the read
	}
	if e.Calls >= 0 && b.self.PerSecond > 0 {
		out.Seconds = float64(e.Calls) / b.self.PerSecond
	}
	held := b.tables[t.Table]
	switch {
	case e.Refused != nil:
		out.Err = e.Refused
	case held != "" && held != b.self.Workspace.ID && !i.Reimport:
		out.Err = &Error{Kind: Refused, Address: i.Address, Summary: "Another workspace",
			Detail: fmt.Sprintf("The table holds rows of workspace %s, and the credentials of %s belong to workspace %s, so the import would be refused. Plan with -reimport %s if that is meant.", held, b.address, b.self.Workspace.ID, i.Address)}
	}
	if out.Err != nil {
		out.Problem = problemOf(out.Err)
	}
	return out
}

// sources tries the sources that no import of the plan reads.
func (b *probing) sources() {
	read := map[addr.Address]bool{}
	for _, i := range b.plan.Imports {
		read[b.plan.State.Targets[i.Address].Source] = true
	}
	for _, a := range slices.SortedFunc(maps.Keys(b.plan.State.Sources), addr.Address.Compare) {
		s := b.plan.State.Sources[a]
		if b.prober == nil || read[a] || s.Connection != b.address || !s.Enabled {
			continue
		}
		out := ProbedSource{Address: a}
		if out.Err = b.prober.Try(b.ctx, s.Settings.String("stream")); out.Err != nil {
			out.Problem = problemOf(out.Err)
		}
		b.out.Sources = append(b.out.Sources, out)
	}
}

// problemOf writes an error as full sentences.
func problemOf(err error) string {
	var service *providers.Error
	var own *Error
	switch {
	case errors.As(err, &service) && service.Detail != "":
		return service.Detail
	case errors.As(err, &own):
		_, detail := own.Explain()
		return detail
	}
	return err.Error()
}
