package cli

import (
	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/report"
)

// planPage prints a plan as a page of its own, with the schema of each table before and
// after where the configuration beside it can be read.
func (s *speech) planPage(v vars, made *plan.Plan) error {
	columns := map[addr.Address]report.ColumnsChange{}
	if p, diags := s.look(v); !diags.HasErrors() {
		schemas, err := p.Schemas(made)
		if err != nil {
			return err
		}
		for a, c := range schemas {
			columns[a] = report.ColumnsChange{Before: c.Before, After: c.After}
		}
	}
	return report.PlanPage(s.out, made, columns)
}
