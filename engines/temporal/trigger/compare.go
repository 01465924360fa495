package trigger

import (
	"encoding/json"

	"go.temporal.io/sdk/client"
)

// memo is the name under which a trigger keeps what was deployed, beside its workflow.
const memo = "inlay"

// Difference is a field that is not as it should be.
type Difference struct {
	Name   string `json:"field"`
	Before string `json:"before"` // as it was found
	After  string `json:"after"`  // as it should be
	// ByHand says that it is not as it was deployed either: somebody changed it there.
	ByHand bool `json:"by_hand,omitempty"`
}

// Deployable are the options of the trigger with a record of themselves, by which a later
// look tells what somebody changed by hand.
func (t Trigger) Deployable() (client.ScheduleOptions, error) {
	record := map[string]string{}
	for _, f := range t.Fields() {
		record[f.Name] = f.Value
	}
	text, err := json.Marshal(record)
	o := t.Options()
	o.Action.(*client.ScheduleWorkflowAction).Memo = map[string]any{memo: string(text)}
	return o, err
}

// Compare says in what a schedule that was found differs from the trigger.
func (t Trigger) Compare(found *client.Schedule) []Difference {
	deployed := deployed(found)
	now := map[string]string{}
	for _, f := range fieldsOf(found) {
		now[f.Name] = f.Value
	}
	var out []Difference
	for _, f := range t.Fields() {
		if now[f.Name] == f.Value {
			continue
		}
		was, known := deployed[f.Name]
		out = append(out, Difference{Name: f.Name, Before: now[f.Name], After: f.Value, ByHand: !known || was != now[f.Name]})
	}
	return out
}

// deployed reads the record of what was deployed; nil when there is none that can be read.
func deployed(found *client.Schedule) map[string]string {
	a, ok := found.Action.(*client.ScheduleWorkflowAction)
	if !ok {
		return nil
	}
	var text string
	var out map[string]string
	if json.Unmarshal([]byte(payload(a.Memo[memo])), &text) != nil || json.Unmarshal([]byte(text), &out) != nil {
		return nil
	}
	return out
}
