package diagnostics

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// samples are one error of each closed kind that says itself by its type, as it would be
// told. Who adds a kind without a sample hears of it from TestEverySummaryIsOnThePage.
func samples(t *testing.T) []message {
	path := "crm/users"
	us, eu := table.Workspace{ID: "x1", Name: "Acme US"}, table.Workspace{ID: "x2", Name: "Acme EU"}
	var out []message
	for _, err := range []error{
		&table.ErrBusy{Path: path, Holder: "run 20261123-001000-7q2m4k"},
		&table.ErrSuperseded{Path: path, Began: 12, Head: 13},
		&table.ErrShrink{Path: path, Before: 6546, After: 12, Max: 0.5},
		&table.ErrIncomplete{Path: path, Received: 6540, Announced: 6546},
		&table.ErrHeld{Path: path, Why: "an expectation was broken"},
		&table.ErrOtherWorkspace{Path: path, Has: us, Got: eu},
		&table.ErrOtherOwner{Path: path, Lineage: "4f1c"},
		&table.ErrPathTaken{Path: path, What: "a folder"},
		&table.ErrUnpublished{Path: path, Err: errors.New("no space left on device")},
		&table.ErrUnfit{Dir: "warehouse", Lacks: "hard links", Err: errors.New("operation not permitted")},
		&table.ErrDamaged{Path: path},
		&table.ErrRow{Column: "id", Problem: "is null, and it is the key"},
		&table.ErrDiverged{Path: path, Place: "s3://acme/warehouse", There: 14},
		&table.ErrRollback{Path: path, To: 99, Why: "there is none of that number"},
		&table.ErrExpect{Path: path, Failed: []table.ExpectResult{{Name: "ids", Detail: "2 rows share a key"}}},
		&state.LockedError{Path: ".inlay/lock"},
		&state.FileError{Path: ".inlay/state.json", Err: state.ErrChanged, Detail: "Another command wrote it in the meantime. Run the command again."},
		&durable.FullError{Err: errors.New("no space left on device")},
		&apply.StateError{Err: errors.New("the disk is full")},
		context.Canceled, context.DeadlineExceeded,
		&fs.PathError{Op: "open", Path: "main.hcl", Err: fs.ErrPermission},
		&fs.PathError{Op: "open", Path: "main.hcl", Err: fs.ErrNotExist},
		errors.New("anything that no room knows"),
	} {
		f := report.FromError(err)
		if f.Summary == "" || f.Detail == "" || !strings.HasSuffix(f.Detail, ".") {
			t.Errorf("%T says %q: %q, which is no sentence", err, f.Summary, f.Detail)
		}
		out = append(out, message{Severity: "Error", Summary: f.Summary, Detail: f.Detail})
	}
	return out
}
