package table

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/inlay-sync/inlay/internal/objects"
)

// listed is a home as one listing of the store shows it.
type listed struct {
	id     string
	head   objects.Object // the newest manifest
	number int64
	parts  map[string]int64 // sizes
	runs   []string         // with a checkpoint
	leased bool
}

// look is Look of a warehouse that stands on a store: one listing, and the head manifests
// that the mirror lacks. It writes nothing, not to the mirror either, which need not be there.
func (r *remote) look() (Seen, error) {
	seen := Seen{Foreign: map[string]string{}}
	found, err := r.listHomes()
	if err != nil {
		return seen, err
	}
	var mu sync.Mutex
	err = atOnce(found, func(l *listed) error {
		s, err := r.lookAt(l)
		mu.Lock()
		defer mu.Unlock()
		seen.Tables = append(seen.Tables, s)
		return err
	})
	slices.SortFunc(seen.Tables, func(a, b SeenTable) int { return strings.Compare(a.ID, b.ID) })
	return seen, err
}

// listHomes lists the homes in which a commit stands.
func (r *remote) listHomes() ([]*listed, error) {
	found := map[string]*listed{}
	for o, err := range r.skim(homes + "/") {
		if err != nil {
			return nil, err
		}
		id, name, _ := strings.Cut(strings.TrimPrefix(o.Key, homes+"/"), "/")
		if !validID(id) {
			continue
		}
		if found[id] == nil {
			found[id] = &listed{id: id, parts: map[string]int64{}}
		}
		found[id].add(name, o)
	}
	maps.DeleteFunc(found, func(_ string, l *listed) bool { return l.number == 0 })
	return slices.Collect(maps.Values(found)), nil
}

func (l *listed) add(name string, o objects.Object) {
	dir, rest, _ := strings.Cut(name, "/")
	switch dir {
	case "log":
		if n, ok := logKeyNumber(rest); ok && n > l.number {
			l.number, l.head = n, o
		}
	case "parts":
		l.parts[rest] = o.Size
	case "staging":
		if run, ok := strings.CutSuffix(rest, "/"+checkpointFile); ok {
			l.runs = append(l.runs, run)
		}
	case "lock":
		l.leased = true
	}
}

// lookAt is one table from its head.
func (r *remote) lookAt(l *listed) (SeenTable, error) {
	s := SeenTable{ID: l.id}
	t := &Table{wh: r.w, id: l.id}
	data, err := r.headOf(t, l)
	if err != nil {
		return s, err
	}
	m, err := decodeManifest(data, nil)
	if err == nil && (m.Number != l.number || m.Table != l.id) {
		err = fmt.Errorf("it is commit %d of table %s", m.Number, m.Table)
	}
	s.Path, s.Head, s.Deleted = m.Path, m, m.Kind == KindDelete
	if err != nil {
		s.Damage = append(s.Damage, "its newest manifest cannot be read: "+err.Error())
		return s, nil
	}
	if s.Deleted {
		s.Pending = len(l.parts) > 0
		return s, nil
	}
	for _, p := range m.Parts {
		size, ok := l.parts[p.Name]
		if !ok {
			size = -1
		}
		if wrong := p.wrongSize(size); wrong != "" {
			s.Damage = append(s.Damage, wrong)
		}
	}
	s.Pending = t.behind(m)
	s.Staged, err = r.staged(t, l)
	return s, err
}

// headOf is the head manifest as it is written, from the mirror where that has it.
func (r *remote) headOf(t *Table, l *listed) ([]byte, error) {
	if d, err := r.w.root(); err == nil {
		data, err := d.ReadFile(t.at(logName(l.number)))
		if err == nil && !torn(data) && int64(len(data)) == l.head.Size {
			return data, nil
		}
	}
	return objects.Read(r.store, l.head.Key)
}

// left reports whether a lease was taken from this mirror, by a process that has ended since:
// otherwise it would hold the lock of the mirror.
func (r *remote) left(t *Table, holder string) bool {
	d, err := r.w.root()
	if err != nil {
		return false
	}
	mark, err := d.ReadFile(mirrorName)
	if err != nil || !strings.HasSuffix(holder, markOf(mark)) {
		return false
	}
	held, _ := d.Held(t.at("lock"))
	return !held
}

// staged lists what unfinished runs have in the store, newest first.
func (r *remote) staged(t *Table, l *listed) ([]Staged, error) {
	if len(l.runs) == 0 {
		return nil, nil
	}
	var lease objects.Holding
	held := false
	var err error
	if l.leased {
		if lease, held, err = objects.Held(r.store, t.key("lock"), r.w.now()); err != nil {
			return nil, err
		}
		held = held && !r.left(t, lease.Holder)
	}
	var out []Staged
	for _, run := range l.runs {
		cp, err := r.checkpoint(t, run)
		if err != nil {
			return nil, err
		}
		if cp.Run == "" {
			continue // nothing that could be gone on from
		}
		cp.Held = held && strings.Contains(lease.Holder, cp.Run)
		out = append(out, cp.Staged)
	}
	newestFirst(out)
	return out, nil
}
