package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
)

// precondition is what the plan relies on at one address: never a table's head, bookmark
// or slot, which imports move all the time.
func (m *maker) precondition(d *decision) Precondition {
	p := Precondition{Address: d.address, Was: d.was, Applied: entryHash(m.state(), Precondition{Address: d.address, Was: d.was})}
	if d.table != nil {
		p.Table, p.Built = d.table.ID, specHash(d.table.Head.Spec)
	}
	return p
}

// entryHash identifies a state's entry at the address of a precondition, or where it stood
// before it moved; "" when there is none. A table's id does not count: it is known only
// once the table is made.
func entryHash(st *state.State, at Precondition) string {
	a := at.Address
	if !st.Has(a) && !at.Was.IsZero() {
		a = at.Was
	}
	if c, ok := st.Connections[a]; ok {
		return hash(c)
	}
	if s, ok := st.Sources[a]; ok {
		return hash(s)
	}
	if s, ok := st.Schedules[a]; ok {
		return hash(s)
	}
	if t, ok := st.Targets[a]; ok {
		t.Table = ""
		return hash(t)
	}
	return ""
}

func specHash(s spec.Spec) string { return hash(s) }

// hash is over the JSON form, in which a value is the same whether it comes from the
// configuration or was read back from a file.
func hash(v any) string {
	text, err := json.Marshal(v)
	if err != nil { // settings are JSON-like by their contract
		return "none"
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
