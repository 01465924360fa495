// Command licences lists the modules that are in the program, with the licence of each, as
// their own files say. It fails when one has no licence file or one that is not known here.
package main

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/inlay-sync/inlay/tools/module"
)

func main() {
	if err := list(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func list(w io.Writer) error {
	modules, err := module.Linked("..", module.Systems()...)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, m := range modules {
		fmt.Fprintf(out, "%s\t%s\t%s\n", m.Path, m.Version, m.Licence)
	}
	return out.Flush()
}
