package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

func address(t testing.TB, text string) addr.Address {
	t.Helper()
	a, err := addr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func samplePlan(t testing.TB) *plan.Plan {
	return &plan.Plan{
		Changes: []plan.Change{
			{Address: address(t, "connection.intercom.acme"), Effect: plan.Settings, Added: true, Line: "main.hcl:3"},
			{Address: address(t, "target.parquet.tags"), Effect: plan.Create, Added: true, Path: "crm/tags", Line: "main.hcl:20"},
			{Address: address(t, "target.parquet.users"), Effect: plan.Reimport, Path: "crm/users", Rows: 41200, Bytes: 1258291, Line: "main.hcl:30",
				Reasons: []plan.Reason{{Attribute: "source.intercom.users.stream", Before: "users", After: "leads", Effect: plan.Reimport, Line: "main.hcl:12"}}},
		},
		Imports: []plan.Import{
			{Address: address(t, "target.parquet.tags"), Why: plan.New, Full: true},
			{Address: address(t, "target.parquet.users"), Why: plan.Due, SlotTime: "2026-11-23 00:10 JST", From: "b", Position: "2026-11-22 15:00:00 UTC", NextText: "2026-11-24 00:40 JST"},
		},
	}
}

func TestPlanText(t *testing.T) {
	want := `Changes

  + connection.intercom.acme  settings  main.hcl:3
  + target.parquet.tags       create    crm/tags  main.hcl:20
  ! target.parquet.users      reimport  crm/users, 41,200 rows, 1.2 MiB  main.hcl:30
      source.intercom.users.stream: "users" → "leads" (main.hcl:12)

Imports

  > target.parquet.tags   new, reads everything
  > target.parquet.users  due 2026-11-23 00:10 JST, from 2026-11-22 15:00:00 UTC  then 2026-11-24 00:40 JST

Plan: 1 to reimport, 1 to create, 1 settings; 2 imports.
`
	var b strings.Builder
	if err := PlanText(&b, Style{}, samplePlan(t)); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
}

func TestPlanNamesSharedReads(t *testing.T) {
	p := &plan.Plan{}
	for i := range 20 {
		p.Imports = append(p.Imports, plan.Import{Address: address(t, fmt.Sprintf("target.parquet.t%02d", i)), Why: plan.New, Group: 1 + i/2%8})
	}
	p.Imports = append(p.Imports, plan.Import{Address: address(t, "target.parquet.alone"), Why: plan.New, Group: 9})
	for name, write := range map[string]func(*strings.Builder) error{
		"text":     func(b *strings.Builder) error { return PlanText(b, Style{}, p) },
		"markdown": func(b *strings.Builder) error { return PlanMarkdown(b, p) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(b.String(), "\\", "")
		for _, want := range []string{"One read for target.parquet.t00, target.parquet.t01, target.parquet.t16, target.parquet.t17.", "And 3 shared reads more."} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, text)
			}
		}
		if strings.Contains(text, "for target.parquet.alone") {
			t.Errorf("%s: a read of one is none that is shared:\n%s", name, text)
		}
	}
}

func TestPlanTextIsQuietWhenNothingChanges(t *testing.T) {
	p := &plan.Plan{State: &state.State{Targets: map[addr.Address]state.Target{}}}
	for i := range 10000 {
		a := address(t, fmt.Sprintf("target.parquet.t%d", i))
		p.State.Targets[a] = state.Target{}
		p.Waiting = append(p.Waiting, plan.Waiting{Address: a, Next: time.Unix(int64(20000-i), 0), NextText: fmt.Sprint("then ", i)})
		p.Warnings = append(p.Warnings, plan.Warning{Address: a, Summary: "Full copies", Detail: "Each run adds a full copy."})
	}
	var b strings.Builder
	if err := PlanText(&b, Style{Width: 80}, p); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n > 10 {
		t.Errorf("%d lines:\n%s", n, b.String())
	}
	b.Reset()
	if err := PlanText(&b, Style{}, p); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "No changes. 10,000 tables match the configuration; next import target.parquet.t9999 then 9999.\n") {
		t.Errorf("got: %s", b.String())
	}
	if !strings.Contains(b.String(), "Full copies (target.parquet.t0 and 9,999 more)") {
		t.Errorf("warnings are not folded: %s", b.String())
	}
}

func TestPlanTextFitsTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &plan.Plan{}
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			p.Changes = append(p.Changes, plan.Change{
				Address: addr.Address{Kind: addr.Target, Type: "parquet", Name: rapid.StringMatching(`[a-z]{1,60}`).Draw(t, "name")},
				Effect:  rapid.SampledFrom(byRisk[:]).Draw(t, "effect"),
				Path:    rapid.StringMatching(`[a-z]{1,30}/[a-z]{1,30}`).Draw(t, "path"),
				Reasons: []plan.Reason{{Attribute: "filter", Before: rapid.String().Draw(t, "before"), After: rapid.String().Draw(t, "after"), Line: "main.hcl:7"}},
			})
		}
		width := rapid.IntRange(40, 120).Draw(t, "width")
		var plainText, colored strings.Builder
		if err := PlanText(&plainText, Style{Width: width}, p); err != nil {
			t.Fatal(err)
		}
		if err := PlanText(&colored, Style{Width: width, Color: true}, p); err != nil {
			t.Fatal(err)
		}
		for l := range strings.SplitSeq(plainText.String(), "\n") {
			if n := columnsOf(l); n > width {
				t.Fatalf("%d columns in a terminal of %d: %s", n, width, l)
			}
			if strings.ContainsFunc(l, func(r rune) bool { return r < ' ' }) {
				t.Fatalf("a control character: %q", l)
			}
		}
		if strip(colored.String()) != plainText.String() {
			t.Fatalf("colour changes the words:\n%s\n%s", strip(colored.String()), plainText.String())
		}
	})
}

// strip removes escape codes.
func strip(text string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, "\x1b[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, text, _ = strings.Cut(after, "m")
	}
}

func TestPlanMarkdown(t *testing.T) {
	var b strings.Builder
	if err := PlanMarkdown(&b, samplePlan(t)); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		Marker + "\n### inlay: 1 to reimport, 1 to create, 1 settings; 2 imports\n",
		"> [!CAUTION]\n> This reads 1 table again from the service: 41,200 rows at stake.",
		"| `!` | reimport | <code>target.parquet.users</code> |",
		"- source.intercom.users.stream = \"users\"\n+ source.intercom.users.stream = \"leads\"  # main.hcl:12\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %q in:\n%s", want, got)
		}
	}
	if strings.Index(got, "target.parquet.users") > strings.Index(got, "target.parquet.tags") {
		t.Error("the riskiest change does not come first")
	}
	harmless := samplePlan(t)
	harmless.Changes = harmless.Changes[:2]
	b.Reset()
	if err := PlanMarkdown(&b, harmless); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "CAUTION") {
		t.Errorf("a caution without a reimport or a delete:\n%s", b.String())
	}
}

// A comparison of configurations knows of no rows, and says of none.
func TestPlanMarkdownWithoutRowsCountsNone(t *testing.T) {
	p := samplePlan(t)
	for i := range p.Changes {
		p.Changes[i].Rows, p.Changes[i].Bytes = 0, 0
	}
	var b strings.Builder
	if err := PlanMarkdown(&b, p); err != nil {
		t.Fatal(err)
	}
	if want := "> This reads 1 table again from the service.\n"; !strings.Contains(b.String(), want) || strings.Contains(b.String(), "at stake") {
		t.Errorf("got:\n%s", b.String())
	}
}

func TestPlanMarkdownKeepsItsLimit(t *testing.T) {
	p := &plan.Plan{}
	for i := range 10000 {
		p.Changes = append(p.Changes, plan.Change{
			Address: address(t, fmt.Sprintf("target.parquet.all[\"a|b`%d\"]", i)), Effect: plan.Effect([]plan.Effect{plan.Rewrite, plan.Reimport}[i%2]), Path: "crm/a", Rows: 10,
			Reasons: []plan.Reason{{Attribute: "filter", Before: "```\n</details>", After: strings.Repeat("x", i%4000)}},
		})
		p.Imports = append(p.Imports, plan.Import{Address: p.Changes[i].Address, Why: plan.Changed, Full: true})
	}
	var a, b strings.Builder
	if err := PlanMarkdown(&a, p); err != nil {
		t.Fatal(err)
	}
	p.ID, p.Created = "another", time.Unix(1, 0)
	if err := PlanMarkdown(&b, p); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Error("plans that do the same are not the same text")
	}
	if a.Len() > MarkdownLimit || a.Len() < MarkdownLimit/2 {
		t.Errorf("%d bytes", a.Len())
	}
	for _, want := range []string{"more changes", "more imports", "There is no room here for the details of"} {
		if !strings.Contains(a.String(), want) {
			t.Errorf("the text does not say %q", want)
		}
	}
}
