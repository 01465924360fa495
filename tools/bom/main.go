// Command bom prints the bill of materials of a release as CycloneDX JSON: the program, the
// modules that are linked into it on any system that it is released for, and Go's own
// packages, each with version, package URL, checksum and licence. The same commit gives the
// same bytes.
//
//	go run -C tools ./bom VERSION TIME
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/inlay-sync/inlay/tools/module"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: bom VERSION TIME")
		os.Exit(2)
	}
	modules, err := module.Linked("..", module.Systems()...)
	if err == nil {
		err = write(os.Stdout, os.Args[1], os.Args[2], runtime.Version(), modules)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bom:", err)
		os.Exit(1)
	}
}

// write prints the bill of a version that was made at a time with a version of Go.
func write(w io.Writer, version, at, goVersion string, modules []module.Module) error {
	self := described("application", module.Module{Path: "github.com/inlay-sync/inlay", Version: version, Licence: "Apache-2.0"})
	standard := described("library", module.Module{Path: "std", Version: strings.TrimPrefix(goVersion, "go"), Licence: "BSD-3-Clause"})
	b := bill{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{Timestamp: at, Component: self}, Components: []component{standard}}
	needs := dependency{Ref: self.Ref, On: []string{standard.Ref}}
	for _, m := range modules {
		c := described("library", m)
		hash, err := hashOf(m)
		if err != nil {
			return err
		}
		c.Hashes = []digest{hash}
		b.Components = append(b.Components, c)
		needs.On = append(needs.On, c.Ref)
	}
	b.Dependencies = []dependency{needs}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(b)
}
