package project

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

// usage is what has been done of a saved plan. A plan whose work is not all done can be
// applied again, and goes on; one whose work is done is used.
type usage struct {
	Plan    string         `json:"plan_id"`
	Imports []addr.Address `json:"imports,omitempty"` // done
	Used    bool           `json:"used,omitempty"`

	files *state.Store
}

// usageFile is where the usage of a plan is kept, beside the state.
func usageFile(id string) string { return "plans/" + safeName(id) + ".json" }

// safeName keeps what can be in a file's name; a plan's id is a hash.
func safeName(id string) string {
	out := []byte(id)
	for i, c := range out {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			out[i] = '-'
		}
	}
	return string(out)
}

func readUsage(files *state.Store, id string) (*usage, error) {
	u := &usage{Plan: id, files: files}
	data, err := files.Read(usageFile(id))
	if errors.Is(err, fs.ErrNotExist) {
		return u, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, u); err != nil {
		return nil, &Error{Kind: Damaged, Summary: "Record of a saved plan damaged", Err: err,
			Detail: fmt.Sprintf("The record of what was done of this plan (%s, beside the state) is not readable: %v. Remove it to apply the plan again, or make a new plan.", usageFile(id), err)}
	}
	return u, nil
}

// note remembers an import that is done.
func (u *usage) note(e apply.Event) error {
	if e.Kind != apply.ImportDone {
		return nil
	}
	u.Imports = append(u.Imports, e.Address)
	return u.save()
}

// finish marks the plan as used when nothing of it is left.
func (u *usage) finish(made *plan.Plan, failed bool) error {
	if failed || len(left(made, u.Imports).Imports) > 0 {
		return nil
	}
	u.Used = true
	return u.save()
}

func (u *usage) save() error {
	data, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return u.files.Replace(usageFile(u.Plan), append(data, '\n'))
}

// left is the plan without the imports that are done.
func left(made *plan.Plan, done []addr.Address) *plan.Plan {
	out := *made
	out.Imports = slices.DeleteFunc(slices.Clone(made.Imports), func(i plan.Import) bool { return slices.Contains(done, i.Address) })
	return &out
}
