package iceberg

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/apache/iceberg-go/catalog/rest"
	icetable "github.com/apache/iceberg-go/table"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/table"
)

// refusal is a table in the catalog that is not to be written to. Trying again does not help.
type refusal struct{ detail string }

func (e *refusal) Error() string { return e.detail }

// Explain says it for people.
func (e *refusal) Explain() (summary, detail string) {
	return "Iceberg table not ours to write", e.detail
}

// belongs refuses a table that inlay did not make, or that somebody else has written to.
func belongs(t *icetable.Table, at place, m table.Manifest) error {
	owner := t.Properties()[keyTable]
	switch {
	case owner == "":
		return &refusal{fmt.Sprintf("The catalog has a table %s that inlay did not make. Choose another name with namespace or table in the catalog block, or drop that table.", at.table())}
	case owner != m.Table:
		return &refusal{fmt.Sprintf("The table %s of the catalog shows another table of inlay, %s. Choose another name with namespace or table in the catalog block.", at.table(), owner)}
	}
	current := t.CurrentSnapshot()
	if current == nil {
		return nil
	}
	if _, ok := ours(*current, m.Table); !ok {
		return &refusal{fmt.Sprintf("Somebody else has written to the table %s of the catalog: its current snapshot %d is not inlay's, and what was written would be lost. "+
			"Set the table back to a snapshot of inlay's, whose summary has %s, or drop it from the catalog, and it is made anew; its rows stand in the warehouse either way.", at.table(), current.SnapshotID, keySnapshot)}
	}
	return nil
}

// final reports whether trying again would only give the same error.
func final(err error) bool {
	for _, known := range []error{rest.ErrUnauthorized, rest.ErrForbidden, rest.ErrBadRequest, rest.ErrOAuthError} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// explain says what went wrong with a catalog, and whether credentials or the network are to
// blame.
func explain(at place, err error) error {
	var no *refusal
	if err == nil || errors.As(err, &no) {
		return err
	}
	e := &providers.Error{Read: -1, Err: err}
	var network net.Error
	var request *url.Error
	switch {
	case errors.Is(err, rest.ErrUnauthorized), errors.Is(err, rest.ErrForbidden), errors.Is(err, rest.ErrAuthorizationExpired), errors.Is(err, rest.ErrOAuthError):
		e.Kind, e.Summary = providers.Unauthorized, "Iceberg catalog refused the credentials"
		e.Detail = fmt.Sprintf("The catalog %s refused the credentials: %v. Set token or credential in the catalog block of the target, or those of AWS in the environment.", at.catalog(), err)
	case errors.Is(err, rest.ErrServiceUnavailable), errors.As(err, &network), errors.As(err, &request):
		e.Kind, e.Summary = providers.Unavailable, "Iceberg catalog unreachable"
		e.Detail = fmt.Sprintf("The catalog %s cannot be reached: %v. The table is committed; the next command that writes to it shows it.", at.catalog(), err)
	default:
		return fmt.Errorf("the table %s cannot be shown in the catalog %s: %w", at.table(), at.catalog(), err)
	}
	return e
}
