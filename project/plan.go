package project

import (
	"context"
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// situation is what is remembered and what is seen, read at one moment.
type situation struct {
	state  *state.State // nil: nothing was ever applied
	pauses plan.Pauses
	seen   table.Seen
}

// situation reads the state file, what is paused, and the tables' manifests. It takes no lock.
func (p *Project) situation() (situation, error) {
	st, err := p.State()
	if err != nil {
		return situation{}, err
	}
	pauses, err := p.Pauses()
	if err != nil {
		return situation{}, err
	}
	w, err := p.warehouse()
	if err != nil {
		return situation{}, err
	}
	defer w.Close()
	seen, err := w.Look()
	return situation{st, pauses, seen}, err
}

// Plan decides what is to be done. What stops it comes back as one *ProblemsError with
// every problem in it.
func (p *Project) Plan(_ context.Context, o plan.Options) (*plan.Plan, error) {
	s, err := p.situation()
	if err != nil {
		return nil, err
	}
	made, problems := plan.Make(plan.Input{
		Config: p.config, State: s.state, Pauses: s.pauses, Seen: s.seen, Now: p.world.Now(), Version: p.world.Version, Options: o,
	})
	if len(problems) > 0 {
		return nil, &ProblemsError{problems}
	}
	p.tellTook(made)
	return made, nil
}

// RunOptions say which targets to import.
type RunOptions struct {
	Addresses   []addr.Address
	Due, All    bool
	Slot        string // for the addresses; "" when a person asks
	AllowShrink bool
}

// PlanRuns decides which imports to run by what was last applied. It makes no change. A
// configuration with errors does not stop it, as long as it says where the tables and the
// state are.
func (p *Project) PlanRuns(_ context.Context, o RunOptions) (*plan.Plan, error) {
	if len(p.wrong) > 0 && !p.config.Settled {
		return nil, &DiagnosticsError{p.wrong}
	}
	s, err := p.situation()
	if err != nil {
		return nil, err
	}
	if s.state == nil {
		return nil, &Error{Kind: Refused, Summary: "Nothing applied yet", Detail: "run imports what was applied, and nothing was. Use `inlay apply` first."}
	}
	made, problems := plan.MakeRuns(plan.RunInput{
		State: s.state, Pauses: s.pauses, Seen: s.seen, Now: p.world.Now(), Version: p.world.Version, Due: o.Due, Families: p.families(),
		Options: plan.Options{Run: o.Addresses, RunAll: o.All, Slot: o.Slot, AllowShrink: o.AllowShrink},
	})
	if len(problems) > 0 {
		return nil, &ProblemsError{problems}
	}
	p.namePending(made, s)
	return made, nil
}

// namesOf lists the first few errors by their places.
func namesOf(wrong lang.Diagnostics) string {
	var parts []string
	for i, d := range wrong {
		if i == 3 {
			parts = append(parts, "and more")
			break
		}
		text := d.Summary
		if d.Subject != nil {
			text += fmt.Sprintf(" (%s:%d)", d.Subject.Filename, d.Subject.Start.Line)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// families names, for each provider, the stream through which another one is read.
func (p *Project) families() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, provider := range p.world.Providers {
		out[provider.Name()] = map[string]string{}
		for _, s := range provider.Streams(setting.Values{}) {
			if s.Parent != "" {
				out[provider.Name()][s.Name] = s.Parent
			}
		}
	}
	return out
}

// namePending says which changes wait for an apply; a run makes none of them.
func (p *Project) namePending(made *plan.Plan, s situation) {
	if len(p.wrong) > 0 {
		made.Warnings = append(made.Warnings, plan.Warning{Summary: "Configuration has errors",
			Detail: namesOf(p.wrong) + ". A run takes only credentials from the configuration, so it goes on by what was last applied; `inlay validate` says what is wrong."})
		return
	}
	full, problems := plan.Make(plan.Input{Config: p.config, State: s.state, Seen: s.seen, Now: p.world.Now(), Version: p.world.Version})
	var names []string
	for _, c := range full.Changes {
		if len(names) == 3 {
			names = append(names, "and more")
			break
		}
		names = append(names, fmt.Sprintf("%s (%s)", c.Address, c.Effect))
	}
	if len(names) == 0 && len(problems) == 0 {
		return
	}
	detail := "The configuration was changed and not applied: " + strings.Join(names, ", ") + ". A run imports by what was last applied; `inlay plan` shows what waits."
	if len(names) == 0 {
		detail = "The configuration cannot be applied as it is; `inlay plan` says why. A run imports by what was last applied."
	}
	made.Warnings = append(made.Warnings, plan.Warning{Summary: "Changes wait for an apply", Detail: detail})
}
