package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// control serves /_sandbox: what a test of a real binary does to the workspace.
//
//	POST /_sandbox/edit       {"add":"contacts","objects":[{…}]} and others, see instruction
//	POST /_sandbox/behaviour  a Behaviour, which replaces the one before
//	POST /_sandbox/clock      {"advance":"1h"}, {"set":"2026-11-23T00:00:00Z"}, {"freeze":true}
//	GET  /_sandbox/rows?stream=users
//	GET  /_sandbox/stats      and DELETE to start counting anew
func (w *Workspace) control(rw http.ResponseWriter, hr *http.Request, body []byte) {
	out, err := w.obey(hr, body)
	status := http.StatusOK
	if err != nil {
		status, out = http.StatusBadRequest, map[string]string{"error": err.Error()}
	}
	text, err := json.Marshal(out)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written"}`)
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	if _, err := rw.Write(append(text, '\n')); err != nil {
		return // the client is gone
	}
}

func (w *Workspace) obey(hr *http.Request, body []byte) (any, error) {
	switch hr.Method + " " + hr.URL.Path {
	case "POST /_sandbox/edit":
		var in instruction
		if err := decodeExactly(body, &in); err != nil {
			return nil, err
		}
		return in.carryOut(w)
	case "POST /_sandbox/behaviour":
		var b Behaviour
		if err := decodeStrictly(body, &b); err != nil {
			return nil, err
		}
		w.Behave(b)
		return b, nil
	case "POST /_sandbox/clock":
		var in clockChange
		if err := decodeStrictly(body, &in); err != nil {
			return nil, err
		}
		return map[string]string{"now": w.setClock(in).UTC().Format(time.RFC3339Nano)}, nil
	case "GET /_sandbox/rows":
		return w.Rows(hr.URL.Query().Get("stream")), nil
	case "GET /_sandbox/stats":
		return w.Stats(), nil
	case "DELETE /_sandbox/stats":
		w.ResetStats()
		return struct{}{}, nil
	}
	return nil, fmt.Errorf("there is no %s %s", hr.Method, hr.URL.Path)
}

// instruction is one edit over HTTP. Exactly one of the first five is given.
type instruction struct {
	Add     string   `json:"add"`    // kind of Objects to add; answers {"ids":[…]}
	Update  string   `json:"update"` // kind of ID, to override with the one of Objects
	Delete  string   `json:"delete"` // kind of ID
	Merge   string   `json:"merge"`  // contact to merge into the contact ID
	Reply   string   `json:"reply"`  // conversation that gets Objects as parts; answers {"ids":[…]}
	ID      string   `json:"id"`
	Objects []Object `json:"objects"`
}

func (in instruction) carryOut(w *Workspace) (any, error) {
	ids := []string{}
	each := func(do func(Object) (string, error)) (any, error) {
		for _, o := range in.Objects {
			id, err := do(o)
			if err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
		return map[string][]string{"ids": ids}, nil
	}
	switch {
	case in.Add != "":
		return each(func(o Object) (string, error) { return w.Add(in.Add, o) })
	case in.Reply != "":
		return each(func(o Object) (string, error) { return w.Reply(in.Reply, o) })
	case in.Update != "":
		return each(func(o Object) (string, error) { return in.ID, w.Update(in.Update, in.ID, o) })
	case in.Delete != "":
		return map[string][]string{"ids": {in.ID}}, w.Delete(in.Delete, in.ID)
	case in.Merge != "":
		return map[string][]string{"ids": {in.ID}}, w.Merge(in.Merge, in.ID)
	}
	return nil, fmt.Errorf("an edit needs one of add, update, delete, merge or reply")
}

// clockChange moves the workspace's clock.
type clockChange struct {
	Set     time.Time `json:"set,omitzero"`
	Advance Duration  `json:"advance,omitzero"`
	Freeze  *bool     `json:"freeze"`
}

// SetClock sets the workspace's clock, which goes on from there.
func (w *Workspace) SetClock(t time.Time) { w.setClock(clockChange{Set: t}) }

// Advance moves the workspace's clock.
func (w *Workspace) Advance(d time.Duration) { w.setClock(clockChange{Advance: Duration(d)}) }

func (w *Workspace) setClock(in clockChange) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if !in.Set.IsZero() {
		now = in.Set
	}
	now = now.Add(time.Duration(in.Advance))
	freeze := w.frozen != nil
	if in.Freeze != nil {
		freeze = *in.Freeze
	}
	w.offset, w.frozen = now.Sub(w.options.Now()), nil
	if freeze {
		w.frozen = &now
	}
	return now
}
