package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	ice "github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	icetable "github.com/apache/iceberg-go/table"
)

// Another name in the catalog is a change of settings: no row is read, the new name shows the
// table and the old one is gone.
func TestAnotherNameInTheCatalog(t *testing.T) {
	h := newHouse(t, inSQLite)
	h.inlay(0, "apply", "-auto-approve")
	h.write(strings.Replace(inSQLite, "}", `  namespace = "lake.raw"
    table = "people"
  }`, 1))
	if out := h.inlay(2, "plan", "-detailed-exitcode"); !strings.Contains(out, "settings") || strings.Contains(out, "reimport") {
		t.Errorf("the plan says\n%s", out)
	}
	h.inlay(0, "apply", "-auto-approve")
	h.holds(h.shown("lake", "raw", "people"))
	if _, err := h.catalog().LoadTable(t.Context(), []string{"crm", "users"}); !errors.Is(err, catalog.ErrNoSuchTable) {
		t.Errorf("the old name is %v", err)
	}
	h.inlay(0, "plan", "-detailed-exitcode")
}

// A table that goes is taken out of the catalog before its files go.
func TestADeletedTableLeavesTheCatalog(t *testing.T) {
	h := newHouse(t, `on_remove = "delete"`+inSQLite)
	h.inlay(0, "apply", "-auto-approve")
	h.inlay(0, "destroy", "-auto-approve")
	if _, err := h.catalog().LoadTable(t.Context(), []string{"crm", "users"}); !errors.Is(err, catalog.ErrNoSuchTable) {
		t.Errorf("a deleted table is %v", err)
	}
}

// What inlay did not make it does not write to, and says what to do.
func TestATableOfSomebodyElse(t *testing.T) {
	h := newHouse(t, inSQLite)
	c := h.catalog()
	if err := c.CreateNamespace(t.Context(), []string{"crm"}, nil); err != nil {
		t.Fatal(err)
	}
	theirs := ice.NewSchema(0, ice.NestedField{ID: 1, Name: "theirs", Type: ice.PrimitiveTypes.Int64})
	if _, err := c.CreateTable(t.Context(), []string{"crm", "users"}, theirs, catalog.WithLocation("file://"+t.TempDir())); err != nil {
		t.Fatal(err)
	}
	if out := h.inlay(1, "apply", "-auto-approve"); !strings.Contains(out, "that inlay did not make") {
		t.Errorf("apply says\n%s", out)
	}
	if err := c.DropTable(t.Context(), []string{"crm", "users"}); err != nil {
		t.Fatal(err)
	}
	h.inlay(0, "apply", "-auto-approve")
	h.holds(h.shown("crm", "users"))
}

// What somebody else wrote to the table is not overwritten; dropping the table is a way out.
func TestAChangeOfSomebodyElse(t *testing.T) {
	h := newHouse(t, `mode = "replace"`+inSQLite)
	h.inlay(0, "apply", "-auto-approve")
	s := h.shown("crm", "users")
	h.deleteOneFile(s)
	if out := h.inlay(0, "run", "target.iceberg.users"); !strings.Contains(out, "Somebody else has written") {
		t.Errorf("the run says\n%s", out)
	}
	if out := h.inlay(0, "plan"); !strings.Contains(out, "not published") {
		t.Errorf("the plan says\n%s", out)
	}
	if n := h.shown("crm", "users").CurrentSnapshot().Summary.Properties["total-data-files"]; n == s.CurrentSnapshot().Summary.Properties["total-data-files"] {
		t.Error("what somebody else did was undone")
	}
	if err := h.catalog().DropTable(t.Context(), []string{"crm", "users"}); err != nil {
		t.Fatal(err)
	}
	h.inlay(0, "apply", "-auto-approve")
	h.holds(h.shown("crm", "users"))
}

// deleteOneFile does what another engine does that deletes rows.
func (h *house) deleteOneFile(s *icetable.Table) {
	h.t.Helper()
	tasks, err := s.Scan().PlanFiles(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	txn := s.NewTransaction()
	if err := txn.ReplaceDataFilesWithDataFiles(h.t.Context(), []ice.DataFile{tasks[0].File}, nil, nil); err != nil {
		h.t.Fatal(err)
	}
	if _, err := txn.Commit(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}
