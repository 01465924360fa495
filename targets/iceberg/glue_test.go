package iceberg

import (
	"testing"

	"github.com/apache/iceberg-go/catalog"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/setting"
)

// A Glue catalog is opened without asking anybody; no test speaks to one.
func TestGlueIsOpened(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-central-1")
	p := &publisher{project.TargetWorld{Env: func(string) (string, bool) { return "", false }}}
	c, err := p.open(t.Context(), place{settings: setting.Values{"type": "glue"}})
	if err != nil || c.CatalogType() != catalog.Glue {
		t.Fatalf("opened %v: %v", c, err)
	}
	if err := c.release(); err != nil {
		t.Error(err)
	}
}
