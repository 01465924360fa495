package project

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/setting"
)

// SavePlan writes a plan for a later apply, readable by its owner alone.
func (p *Project) SavePlan(made *plan.Plan, path string) error {
	data, err := made.Encode()
	if err != nil {
		return err
	}
	return Write(p.world, path, data, 0o600)
}

// WritePlan writes the document that SavePlan would.
func WritePlan(w io.Writer, made *plan.Plan) error {
	data, err := made.Encode()
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// ReadPlan reads a saved plan and refuses one that was edited since.
func ReadPlan(path string) (*plan.Plan, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	made, err := plan.Decode(data)
	switch {
	case err == nil:
		return made, nil
	case errors.Is(err, plan.ErrEdited):
		return nil, &Error{Kind: Edited, Err: err, Detail: fmt.Sprintf("%s is not as inlay wrote it, so it is not known to be what was reviewed. Make a new one with `inlay plan -out %s`.", path, path)}
	}
	return nil, &Error{Kind: Edited, Summary: "Saved plan not readable", Err: err, Detail: fmt.Sprintf("%s cannot be read as a plan: %v. Make a new one with `inlay plan -out %s`.", path, err, path)}
}

// Fresh refuses a saved plan that was made longer ago than limit. It is an *Error of kind
// Stale.
func (p *Project) Fresh(made *plan.Plan, limit time.Duration) error {
	age := p.world.Now().Sub(made.Created)
	if age <= limit {
		return nil
	}
	return &Error{Kind: Stale, Summary: "Saved plan is too old", Detail: fmt.Sprintf(
		"It was made %s, %s ago, and -max-age allows %s. Make a new plan with `inlay plan -out FILE` and review it.",
		made.Created.UTC().Format("2006-01-02 15:04:05 UTC"), setting.ShortDuration(age.Round(time.Second)), setting.ShortDuration(limit))}
}

// stale refuses a plan when the configuration it was made from or a precondition no longer
// holds. A plan of runs was made from no configuration.
func (p *Project) stale(made *plan.Plan, s situation) error {
	config := p.config
	if len(made.Files) == 0 {
		config = nil
	}
	moved := made.Check(config, s.state, s.seen)
	if len(moved) == 0 {
		return nil
	}
	var parts []string
	for i, m := range moved {
		if i > 0 && !m.Address.IsZero() {
			parts = append(parts, m.Address.String()+":")
		}
		parts = append(parts, m.What)
	}
	return &Error{Kind: Stale, Address: moved[0].Address, Detail: strings.Join(parts, " ") + " Make a new plan with `inlay plan -out FILE` and review it."}
}
