package report

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/stream"
)

// TestPlanPage: the page is whole, needs nothing from elsewhere, shows the schema before
// and after, and shows as text what a person or a service wrote.
func TestPlanPage(t *testing.T) {
	a, err := addr.Parse(`target.parquet.users`)
	if err != nil {
		t.Fatal(err)
	}
	const evil = `<script>alert(1)</script>"'&`
	p := &plan.Plan{
		ID: "0f", Version: "0.1.0",
		Changes: []plan.Change{{
			Address: a, Effect: plan.Reimport, Path: "crm/users", Rows: 1234, Line: "main.hcl:7",
			Reasons: []plan.Reason{{Attribute: "filter", Before: evil, After: map[string]any{"tag": evil}, Effect: plan.Reimport, Line: "main.hcl:9"}},
			Repair:  []string{evil},
		}},
		Imports:  []plan.Import{{Address: a, Why: plan.Changed, Full: true, NextText: evil}},
		Warnings: []plan.Warning{{Address: a, Summary: "Sum", Detail: evil, Line: "main.hcl:1"}},
		Unowned:  []plan.Unowned{{Path: evil, Rows: 3}},
		Outputs:  []plan.Reason{{Attribute: "output.x", After: evil}},
	}
	columns := map[addr.Address]ColumnsChange{a: {
		Before: []stream.Column{{Name: "id", Type: stream.Scalar(stream.String)}, {Name: "age", Type: stream.Scalar(stream.Int)}, {Name: "gone", Type: stream.Scalar(stream.Bool)}},
		After:  []stream.Column{{Name: "id", Type: stream.Scalar(stream.String)}, {Name: "age", Type: stream.Scalar(stream.String)}, {Name: evil, Type: stream.Scalar(stream.Bool)}},
	}}
	var b strings.Builder
	if err := PlanPage(&b, p, columns); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{"<!doctype html>", "reimport", "target.parquet.users", "1,234 rows", "main.hcl:9", "column-added", "column-changed", "column-removed", "1 columns stay", "reads everything", "<style>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	if strings.Contains(page, "<script") || regexp.MustCompile(`(src|href)=`).MatchString(page) {
		t.Errorf("the page runs or loads something:\n%s", page)
	}
	wellFormed(t, page)
}

// wellFormed reads a page tag by tag.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	page = strings.TrimPrefix(page, "<!doctype html>")
	page = regexp.MustCompile(`<meta [^>]*>|<style>(?s:.*?)</style>`).ReplaceAllString(page, "")
	page = strings.ReplaceAll(page, " open>", ">")
	d := xml.NewDecoder(strings.NewReader(page))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v\n%s", err, page)
		}
	}
}

// TestAnIdlePlanIsOneSentence keeps a plan with nothing to do short.
func TestAnIdlePlanIsOneSentence(t *testing.T) {
	var b strings.Builder
	if err := PlanHTML(&b, &plan.Plan{}, nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "No changes.") || strings.Contains(b.String(), "<h2") {
		t.Errorf("%s", b.String())
	}
}
