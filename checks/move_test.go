package checks

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// TestTablesMove takes tables from disk to an object store and back, with an import at each
// place. The copies are killed on their way, and the next ones go on.
func TestTablesMove(t *testing.T) {
	e, s := duckdb.Open(t), newShop(t)
	at := func(place string) string {
		return fmt.Sprintf("inlay {\n  warehouse = %q\n}\n", place) + fmt.Sprintf(oneTable, true, "upsert")
	}
	p := newProject(t, at("warehouse"), sandbox.Options{Seed: 5, Contacts: 300, Conversations: 1, Growth: -1})
	p.env = append(p.env, s.env()...)
	grown := func() {
		t.Helper()
		if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": p.now.Unix(), "updated_at": p.now.Unix()}); err != nil {
			t.Fatal(err)
		}
		p.must(0, "run", "-all")
		sameRows(t, e, p)
		p.must(0, "table", "check")
	}
	p.must(0, "apply", "-auto-approve")
	grown()

	far := "s3://" + objectstest.Bucket + "/team"
	if r := p.runEnv([]string{"INLAY_CRASH=op:9"}, "table", "copy", "-to", far); !r.killed {
		t.Fatalf("the first copy was not stopped\n%s", r.out)
	}
	p.must(0, "table", "copy", "-to", far)
	p.write("main.hcl", at(far))
	p.on(s)
	p.must(0, "plan", "-detailed-exitcode")
	grown()

	if err := os.RemoveAll(filepath.Join(p.dir, "warehouse")); err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ { // of the operations on the disk that it is copied to
		r := p.runEnv([]string{fmt.Sprintf("INLAY_CRASH=op:%d", 7*n)}, "table", "copy", "-to", "warehouse")
		if !r.killed {
			break
		}
	}
	p.write("main.hcl", at("warehouse"))
	p.shop = nil
	p.must(0, "plan", "-detailed-exitcode")
	grown()
}
