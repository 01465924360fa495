package project

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Stamp is a cheap sign of all that a plan depends on beside the tables: the names, sizes
// and times of the files of the configuration, of the state and of the pauses. Two stamps
// that differ mean that something was written; it reads no content. Of a state on an object
// store it takes two requests.
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
	var paths []string
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
	if files, err := p.states(); err == nil { // a place that cannot be reached has another stamp
		b.WriteString(files.Stamp(pauseFile))
	}
	return b.String()
}
