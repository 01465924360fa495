package project

import (
	"maps"
	"slices"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
)

// PlanCreate plans to make one target's table, empty, with its columns, and to import
// nothing, whatever auto_create says. The plan of a table that is there is empty.
func (p *Project) PlanCreate(a addr.Address) (*plan.Plan, error) {
	declared := p.config.Target(a)
	if declared == nil {
		return nil, p.unknown(a)
	}
	s, err := p.situation()
	if err != nil {
		return nil, err
	}
	for _, t := range tableInfos(s) {
		if t.Address == a.String() && t.Commit > 0 {
			return &plan.Plan{}, nil
		}
	}
	allowed := declared.Settings.Bool("auto_create")
	config := *p.config
	config.Targets = slices.Clone(p.config.Targets)
	target := config.Target(a)
	target.Settings = maps.Clone(target.Settings)
	target.Settings["auto_create"] = true
	made, problems := plan.Make(plan.Input{
		Config: &config, State: s.state, Seen: s.seen, Now: p.world.Now(), Version: p.world.Version, Options: plan.Options{Only: []addr.Address{a}},
	})
	if len(problems) > 0 {
		return nil, &ProblemsError{problems}
	}
	made.Imports, made.Warnings = nil, nil
	if made.State.Targets == nil {
		return made, nil
	}
	entry := made.State.Targets[a]
	entry.Spec.Target = maps.Clone(entry.Spec.Target)
	entry.Spec.Target["auto_create"] = allowed
	made.State.Targets[a] = entry
	return made, nil
}
