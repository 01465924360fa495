package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Object is the JSON of one object, or the members to override of a generated
// one. Values are whatever encoding/json writes.
//
// created_at and updated_at, in Unix seconds or as a time.Time, decide how the
// object sorts and searches too. Four members are not written but change what
// is: tag_ids, company_ids and segment_ids list what a contact belongs to, and
// parts is how many
// parts a conversation or ticket has to begin with.
type Object = map[string]any

// edit is what was changed about one object.
type edit struct {
	over       []field
	id         string
	created    *int64
	changes    []change
	deleted    bool
	mergedInto string
	belongs    map[string][]string
	parts      *int
	added      bool // the first change made the object
}

// change is one new updated_at, and when it was made: search learns of it only
// after its index has caught up. A conversation gets a part with each.
type change struct {
	at, updated int64
	part        []field
}

// later are the changes after the one that made the object.
func (e *edit) later() []change {
	if e.added {
		return e.changes[1:]
	}
	return e.changes
}

func (e *edit) apply(r *row) {
	if e.created != nil {
		r.created = *e.created
	}
	if n := len(e.changes); n > 0 {
		r.updated = e.changes[n-1].updated
		r.touches += len(e.later())
	}
}

// Add adds an object of a kind ("contacts", "conversations", "tags", …; "users"
// and "leads" are contacts of that role) and returns its identifier. Members
// that are not given are generated; created_at and updated_at are now.
func (w *Workspace) Add(kind string, o Object) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.add(kind, o)
}

// AddContact adds a contact; see Add.
func (w *Workspace) AddContact(o Object) (string, error) { return w.Add(contacts, o) }

// AddConversation adds a conversation; see Add.
func (w *Workspace) AddConversation(o Object) (string, error) { return w.Add(conversations, o) }

func (w *Workspace) add(kind string, o Object) (string, error) {
	c, o, err := w.editable(kind, o)
	if err != nil {
		return "", err
	}
	e := &edit{added: true}
	now := c.now
	e.created = &now
	if err := e.set(o, now); err != nil {
		return "", err
	}
	if _, taken := c.find(e.id); e.id != "" && taken {
		return "", fmt.Errorf("%s already has an object %q", c.name, e.id)
	}
	i := firstAdded + c.added
	c.added++
	c.edits[i] = e
	if e.id == "" {
		e.id = c.ids.of(c.salt, i, *e.created)
	} else {
		c.renamed[e.id] = i
	}
	w.forget()
	return c.row(i).id, nil
}

// Update overrides members of an object. Its updated_at becomes now unless o
// says otherwise. Its id cannot change.
func (w *Workspace) Update(kind, id string, o Object) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, e, o, err := w.editing(kind, id, o)
	if err != nil {
		return err
	}
	if _, given := o["id"]; given {
		return fmt.Errorf("the id of an object cannot change")
	}
	w.forget()
	return e.set(o, c.now)
}

// Delete removes an object. A deleted conversation appears among the deleted
// ones; anything else is simply gone.
func (w *Workspace) Delete(kind, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, e, _, err := w.editing(kind, id, nil)
	if err != nil {
		return err
	}
	e.deleted = true
	w.forget()
	if c.name == conversations {
		_, err = w.add(deletedTalks, Object{"id": id})
	}
	return err
}

// Merge merges the contact from into the contact into: the first vanishes from
// lists and searches and answers 410 with a link to the second, which changes.
func (w *Workspace) Merge(from, into string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if from == into {
		return fmt.Errorf("a contact cannot be merged into itself")
	}
	c, target, _, err := w.editing(contacts, into, nil)
	if err != nil {
		return err
	}
	_, source, _, err := w.editing(contacts, from, nil)
	if err != nil {
		return err
	}
	source.mergedInto = into
	target.changes = append(target.changes, change{at: c.now, updated: c.now})
	w.forget()
	return nil
}

// Reply adds a part to a conversation, which changes at the part's created_at
// (now unless o says otherwise), and returns the part's identifier.
func (w *Workspace) Reply(conversation string, o Object) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, e, _, err := w.editing(conversations, conversation, nil)
	if err != nil {
		return "", err
	}
	at := c.now
	if v, given := o["created_at"]; given {
		if at, err = unix(v); err != nil {
			return "", fmt.Errorf("created_at: %w", err)
		}
	}
	over, err := fieldsOf(o)
	if err != nil {
		return "", err
	}
	e.changes = append(e.changes, change{c.now, at, over})
	w.forget()
	i, _ := c.find(conversation)
	all := partsOf(w, c.row(i))
	return all[len(all)-1].id, nil
}

// editable finds the collection of a kind; users and leads add their role.
func (w *Workspace) editable(kind string, o Object) (*collection, Object, error) {
	if kind == "users" || kind == "leads" {
		o = maps.Clone(o)
		if o == nil {
			o = Object{}
		}
		if _, given := o["role"]; !given {
			o["role"] = kind[:len(kind)-1]
		}
		kind = contacts
	}
	c, ok := w.collections[kind]
	if !ok {
		return nil, nil, fmt.Errorf("no kind of object is called %q; there are %v", kind, slices.Sorted(maps.Keys(w.collections)))
	}
	c.advance(w.now())
	return c, o, nil
}

// editing finds a living object and the edit to change it by.
func (w *Workspace) editing(kind, id string, o Object) (*collection, *edit, Object, error) {
	if kind == "users" || kind == "leads" {
		kind = contacts
	}
	c, o, err := w.editable(kind, o)
	if err != nil {
		return nil, nil, nil, err
	}
	i, ok := c.find(id)
	if !ok || !c.alive(i) {
		return nil, nil, nil, fmt.Errorf("%s has no object %q", c.name, id)
	}
	if c.edits[i] == nil {
		c.edits[i] = &edit{}
	}
	return c, c.edits[i], o, nil
}

// set takes over the members of o at a moment. It changes nothing when one of
// them does not fit.
func (e *edit) set(o Object, now int64) error {
	next, own := *e, Object{}
	next.belongs = maps.Clone(e.belongs)
	updated := now
	for name, value := range o {
		taken, err := next.special(name, value)
		switch {
		case name == "updated_at":
			updated, err = unix(value)
		case !taken:
			own[name] = value
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if _, given := o["updated_at"]; !given && e.added && len(e.changes) == 0 {
		updated = *next.created
	}
	over, err := fieldsOf(own)
	if err != nil {
		return err
	}
	next.over = slices.Clone(e.over)
	for _, f := range over {
		next.over = withMember(next.over, f)
	}
	next.changes = append(slices.Clone(e.changes), change{at: now, updated: updated})
	*e = next
	return nil
}

// special takes a member that is more than JSON to write, and reports whether it
// is one. The error says that its value does not fit.
func (e *edit) special(name string, value any) (taken bool, err error) {
	switch name {
	case "id":
		e.id, err = toText(value)
	case "created_at":
		var at int64
		at, err = unix(value)
		e.created = &at
	case "parts":
		var n int64
		if n, err = unix(value); err == nil && (n < 0 || n > maxParts) {
			err = fmt.Errorf("%d is not between 0 and %d", n, maxParts)
		}
		size := int(n)
		e.parts = &size
	case "tag_ids", "company_ids", "segment_ids":
		if e.belongs == nil {
			e.belongs = map[string][]string{}
		}
		e.belongs[name], err = toTexts(value)
	default:
		return false, nil
	}
	return true, err
}

// fieldsOf writes the members of an object, in order of their names.
func fieldsOf(o Object) ([]field, error) {
	var out []field
	for _, name := range slices.Sorted(maps.Keys(o)) {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(o[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, field{name, bytes.TrimSpace(b.Bytes())})
	}
	return out, nil
}

// unix reads a whole number, or the Unix seconds of a time.
func unix(v any) (int64, error) {
	switch v := v.(type) {
	case time.Time:
		return v.Unix(), nil
	case int:
		return int64(v), nil
	case int64:
		return v, nil
	case float64:
		return int64(v), nil
	case json.Number:
		return v.Int64()
	case string:
		return strconv.ParseInt(v, 10, 64)
	}
	return 0, fmt.Errorf("%v is not a whole number", v)
}

func toText(v any) (string, error) {
	if s, ok := v.(string); ok && s != "" {
		return s, nil
	}
	return "", fmt.Errorf("%v is not a text", v)
}

func toTexts(v any) ([]string, error) {
	switch v := v.(type) {
	case []string:
		return v, nil
	case []any:
		out := []string{}
		for _, x := range v {
			s, err := toText(x)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		return out, nil
	}
	return nil, fmt.Errorf("%v is not a list of texts", v)
}
