package cli

import (
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/table"
)

// TestSoFar: what show says of a run whose end was not written.
func TestSoFar(t *testing.T) {
	for _, c := range []struct {
		saved table.Staged
		ok    bool
		want  string
	}{
		{table.Staged{}, false, "no checkpoint"},
		{table.Staged{Rows: 41_200, Held: true}, true, "running, 41,200 rows saved"},
		{table.Staged{Rows: 41_200}, true, "stopped, 41,200 rows saved; the next import goes on"},
	} {
		if got := soFar(c.saved, c.ok); !strings.HasPrefix(got, c.want) {
			t.Errorf("%+v: %q", c.saved, got)
		}
	}
}
