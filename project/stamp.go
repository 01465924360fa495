package project

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Stamp is a cheap sign of all that a plan depends on beside the tables: the names, sizes
// and times of the files of the configuration, of the state and of the pauses. Two stamps
// that differ mean that something was written; it reads no content.
func (p *Project) Stamp() string {
	names := map[string]bool{}
	for _, f := range p.config.Files {
		names[f.Name] = true
	}
	if entries, err := os.ReadDir(p.flags.Dir); err == nil { // a folder that is gone has another stamp
		for _, e := range entries {
			if n := e.Name(); strings.HasSuffix(n, ".hcl") || strings.HasSuffix(n, ".hcl.json") || strings.HasSuffix(n, ".vars") {
				names[n] = true
			}
		}
	}
	state := p.inside(p.config.Inlay.State)
	paths := []string{state, filepath.Join(filepath.Dir(state), pauseFile)}
	for n := range names {
		paths = append(paths, p.inside(n))
	}
	slices.Sort(paths)
	var b strings.Builder
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}
