package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

const sample = `source "intercom" "users" {
  connection = connection.intercom.acme
  steam      = "users"
}
`

func sampleFindings() []Finding {
	return FromDiagnostics(hcl.Diagnostics{
		{Severity: hcl.DiagWarning, Summary: "Deprecated attribute", Detail: "Use access_token."},
		{Severity: hcl.DiagError, Summary: "Unknown attribute", Detail: "There is no attribute \"steam\" here. Did you mean \"stream\"?",
			Subject: &hcl.Range{Filename: "main.hcl", Start: hcl.Pos{Line: 3, Column: 3}, End: hcl.Pos{Line: 3, Column: 8}}},
	})
}

func TestFindingsText(t *testing.T) {
	want := `Warning: Deprecated attribute

  Use access_token.

Error: Unknown attribute

  on main.hcl line 3, in source "intercom" "users":
  3:   steam      = "users"
       ^^^^^

  There is no attribute "steam" here. Did you mean "stream"?
`
	var b strings.Builder
	err := FindingsText(&b, Style{}, sampleFindings(), func(string) []byte { return []byte(sample) })
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
}

func TestFindingsTextWithoutSource(t *testing.T) {
	for _, src := range []string{"", "one line"} {
		var b strings.Builder
		err := FindingsText(&b, Style{Width: 30}, sampleFindings(), func(string) []byte { return []byte(src) })
		if err != nil || !strings.Contains(b.String(), "on main.hcl line 3:") {
			t.Errorf("source %q: %v\n%s", src, err, b.String())
		}
	}
}

func TestFindingsGitHub(t *testing.T) {
	var b strings.Builder
	f := sampleFindings()
	f[1].Detail = "100%\nsure"
	if err := FindingsGitHub(&b, f); err != nil {
		t.Fatal(err)
	}
	want := "::warning title=Deprecated attribute::Use access_token.\n" +
		"::error file=main.hcl,line=3,endLine=3,col=3,title=Unknown attribute::100%25%0Asure\n"
	if b.String() != want {
		t.Errorf("got %q", b.String())
	}
}

func TestFindingsSARIF(t *testing.T) {
	var b strings.Builder
	if err := FindingsSARIF(&b, "1.2.3", append(sampleFindings(), sampleFindings()...)); err != nil {
		t.Fatal(err)
	}
	var doc sarifLog
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	run := doc.Runs[0]
	if doc.Version != "2.1.0" || len(run.Tool.Driver.Rules) != 2 || len(run.Results) != 4 {
		t.Fatalf("got %+v", doc)
	}
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
		}
	}
	if r := run.Results[1].Locations[0].Physical; r.Artifact.URI != "main.hcl" || *r.Region != (sarifRegion{3, 3, 3, 8}) {
		t.Errorf("got %+v", r)
	}
}

func TestFindingsJSON(t *testing.T) {
	for _, c := range []struct {
		findings []Finding
		valid    bool
	}{{nil, true}, {sampleFindings()[:1], true}, {sampleFindings(), false}} {
		var b strings.Builder
		if err := FindingsJSON(&b, c.findings); err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Valid       bool
			Diagnostics []Finding
		}
		if err := json.Unmarshal([]byte(b.String()), &doc); err != nil || doc.Valid != c.valid || len(doc.Diagnostics) != len(c.findings) {
			t.Errorf("%v: %s", err, b.String())
		}
	}
}
