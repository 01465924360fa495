package project

import (
	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/state"
)

// Webhooks returns the webhooks of the configuration whose address is known here, and what
// is wrong with the others: a value that they take from the environment and that is unset.
func (p *Project) Webhooks() ([]lang.Webhook, lang.Diagnostics) {
	var out []lang.Webhook
	for _, w := range p.config.Inlay.Webhooks {
		if !w.URL.IsZero() {
			out = append(out, w)
		}
	}
	var wrong lang.Diagnostics
	for _, m := range p.config.Inlay.Missing {
		if m.Diagnostic != nil && m.Attribute != "hash_key" {
			wrong = append(wrong, m.Diagnostic)
		}
	}
	return out, wrong
}

// EndedRuns returns the latest runs of a target that came to an end, the latest first:
// done, nothing new or failed; at most n.
func (p *Project) EndedRuns(a addr.Address, n int) ([]state.Run, error) {
	var out []state.Run
	for r, err := range p.runs() {
		if err != nil {
			return nil, err
		}
		if r.Address != a || r.Status != state.Done && r.Status != state.Nothing && r.Status != state.Failed {
			continue
		}
		if out = append(out, r); len(out) == n {
			break
		}
	}
	return out, nil
}
