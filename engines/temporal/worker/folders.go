package worker

import (
	"fmt"
	"sync"

	"github.com/inlay-sync/inlay/project"
)

// folders are the configurations that this worker has, by the lineage of their state.
type folders struct {
	world project.World
	dirs  []string

	mu    sync.Mutex
	known map[string]string // lineage: folder
}

// open reads the project with this lineage as it is now. A configuration with mistakes is
// opened all the same: a run takes only credentials from it. The error says that none of the
// folders holds the project.
func (f *folders) open(lineage string) (*project.Project, error) {
	f.mu.Lock()
	dir, ok := f.known[lineage]
	f.mu.Unlock()
	if ok {
		p, _ := project.Open(f.world, project.Flags{Dir: dir})
		if st, err := p.State(); err != nil || st != nil && st.Lineage == lineage {
			return p, err
		}
	}
	if err := f.find(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	dir, ok = f.known[lineage]
	f.mu.Unlock()
	if !ok {
		return nil, &unknownError{lineage}
	}
	p, _ := project.Open(f.world, project.Flags{Dir: dir})
	return p, nil
}

// find reads the state of every folder. The error names two folders with one state; a state
// that cannot be read now is left for later.
func (f *folders) find() error {
	known := map[string]string{}
	for _, dir := range f.dirs {
		p, _ := project.Open(f.world, project.Flags{Dir: dir})
		st, err := p.State()
		if err != nil || st == nil || st.Lineage == "" {
			continue
		}
		if other, twice := known[st.Lineage]; twice {
			return &project.Error{Kind: project.Refused, Summary: "One project twice",
				Detail: fmt.Sprintf("%s and %s have one state. Name only one of them.", other, dir)}
		}
		known[st.Lineage] = dir
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known = known
	return nil
}

// unknownError is a project that this worker has no folder of; another one may.
type unknownError struct{ lineage string }

func (e *unknownError) Error() string {
	return fmt.Sprintf("this worker has no folder with the state %s: give it that folder with -chdir, or give the workers that lack it a task queue of their own with -queue, in deploy too", e.lineage)
}
