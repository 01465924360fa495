package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
)

// Problem is one thing that stops a plan.
type Problem struct {
	Address addr.Address // zero when it is about no block
	Summary string       // a few constant words
	Detail  string       // full sentences: what is wrong, why, what to do
	Line    string       // file:line; "" when there is none
}

// Problems are all things that stop a plan, in order of address.
type Problems []Problem

// Error writes one problem a line.
func (p Problems) Error() string {
	lines := make([]string, 0, len(p))
	for _, e := range p {
		at := ""
		if !e.Address.IsZero() {
			at = e.Address.String() + ": "
		}
		lines = append(lines, at+e.Summary+": "+e.Detail)
	}
	return strings.Join(lines, "\n")
}

func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int { return a.Address.Compare(b.Address) })
	return p
}

// The summaries of problems.
const (
	sumUnknownAddress = "Unknown address"
	sumNotATarget     = "Not a target"
	sumDisabled       = "Target is disabled"
	sumProtected      = "Protected by prevent_destroy"
	sumForeign        = "Something else stands at the table's path"
	sumOtherOwner     = "Table of another state"
	sumPathTaken      = "Path is taken"
	sumMissingTable   = "Table does not exist"
	sumSchemaChange   = "Declared columns changed"
	sumNoState        = "Nothing was applied yet"
	sumNotASlot       = "Not a slot"
	sumDamaged        = "Table is damaged"
)

// unknownAddress names the nearest known address.
func unknownAddress(option string, a addr.Address, known []addr.Address) Problem {
	detail := fmt.Sprintf("%s names %s, which is declared neither in the configuration nor in the state.", option, a)
	if option == "run" { // it goes by the state alone
		detail = fmt.Sprintf("run imports by what was applied last, and nothing was applied at %s. If it is declared, `inlay apply` first.", a)
	}
	if near := addr.NearestOf(a, known); near != "" {
		detail += " Did you mean " + near + "?"
	} else {
		detail += " `inlay state list` shows what there is."
	}
	return Problem{Address: a, Summary: sumUnknownAddress, Detail: detail}
}
