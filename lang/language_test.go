package lang

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func addresses(cfg *Config) []string {
	var out []string
	for _, b := range cfg.Connections {
		out = append(out, b.Address.String())
	}
	for _, b := range cfg.Sources {
		out = append(out, b.Address.String())
	}
	for _, b := range cfg.Targets {
		out = append(out, b.Address.String())
	}
	for _, b := range cfg.Schedules {
		out = append(out, b.Address.String())
	}
	return out
}

func TestForEach(t *testing.T) {
	cfg := mustLoad(t, map[string]string{"main.hcl": `
locals {
  tables = {
    people = { stream = "users", when = schedule.nightly }
    labels = { stream = "tags", when = null }
  }
}
connection "intercom" "acme" {}
schedule "nightly" { cron = "@daily" }
source "intercom" "all" {
  for_each   = local.tables
  connection = connection.intercom.acme
  stream     = each.value.stream
}
target "parquet" "all" {
  for_each = source.intercom.all
  source   = each.value
  database = each.value.stream
  table    = "${each.key}_${upper("x")}"
  schedule = local.tables[each.key].when
  enabled  = each.key != "labels"
  lifecycle { prevent_destroy = each.key == "people" }
}
output "targets" { value = { for k, t in target.parquet.all : k => "${t.address} ${t.database}" } }
`}, Options{})
	want := []string{
		"connection.intercom.acme", `source.intercom.all["labels"]`, `source.intercom.all["people"]`,
		`target.parquet.all["labels"]`, `target.parquet.all["people"]`, "schedule.nightly",
	}
	if got := addresses(cfg); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	labels, people := cfg.Targets[0], cfg.Targets[1]
	if labels.Enabled || !people.Enabled || labels.PreventDestroy || !people.PreventDestroy {
		t.Errorf("enabled %v %v, prevent_destroy %v %v", labels.Enabled, people.Enabled, labels.PreventDestroy, people.PreventDestroy)
	}
	if labels.Schedule != nil || people.Schedule == nil || people.Source != cfg.Sources[1].Address {
		t.Errorf("%v %v %v", labels.Schedule, people.Schedule, people.Source)
	}
	if people.Table != "people_X" || people.Stream.Name != "users" {
		t.Errorf("%v", people.Settings)
	}
	wantOut := map[string]any{"labels": `target.parquet.all["labels"] tags`, "people": `target.parquet.all["people"] users`}
	if !reflect.DeepEqual(cfg.Outputs[0].Value, wantOut) {
		t.Errorf("%v", cfg.Outputs[0].Value)
	}
}

func TestModules(t *testing.T) {
	cfg := mustLoad(t, map[string]string{
		"main.hcl": `
variable "tokens" {
  type      = map(string)
  sensitive = true
}
connection "intercom" "us" { access_token = var.tokens["us"] }
module "us" {
  source     = "./modules/workspace"
  connection = connection.intercom.us
  database   = "us"
}
module "others" {
  for_each   = toset(["eu", "au"])
  source     = "./modules/workspace"
  connection = connection.intercom.others[each.key]
  database   = each.key
  when       = schedule.hourly
}
connection "intercom" "others" {
  for_each     = toset(["eu", "au"])
  access_token = var.tokens[each.key]
  region       = each.key
}
schedule "hourly" { cron = "@hourly" }
output "tables" { value = concat([module.us.table], [for m in module.others : m.table]) }
`,
		"modules/workspace/main.hcl": `
variable "connection" {}
variable "database" { type = string }
variable "when" { default = null }
source "intercom" "users" {
  connection = var.connection
  stream     = "users"
}
target "parquet" "users" {
  source   = source.intercom.users
  database = var.database
  schedule = var.when
}
output "table" { value = "${target.parquet.users.database}.${target.parquet.users.table == null ? "users" : "?"}" }
`,
	}, Options{Vars: []VarInput{{Name: "tokens", Value: `{ us = "tu", eu = "te", au = "ta" }`}}})
	want := []string{
		`connection.intercom.others["au"]`, `connection.intercom.others["eu"]`, "connection.intercom.us",
		`module.others["au"].source.intercom.users`, `module.others["eu"].source.intercom.users`, "module.us.source.intercom.users",
		`module.others["au"].target.parquet.users`, `module.others["eu"].target.parquet.users`, "module.us.target.parquet.users",
		"schedule.hourly",
	}
	if got := addresses(cfg); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := cfg.Connections[0].Secrets["access_token"].Reveal(); got != "ta" {
		t.Errorf("au has %q", got)
	}
	au := cfg.Targets[0]
	if au.Database != "au" || au.Schedule == nil || cfg.Targets[2].Schedule != nil || cfg.Source(au.Source).Connection != cfg.Connections[0].Address {
		t.Errorf("%+v", au)
	}
	if got := cfg.Outputs[0].Value; !reflect.DeepEqual(got, []any{"us.users", "au.users", "eu.users"}) {
		t.Errorf("%v", got)
	}
	if au.Range.File != "modules/workspace/main.hcl" || cfg.Text(au.Range.File) == nil {
		t.Errorf("%+v", au.Range)
	}
}

// TestPrecedence gives one variable from every source, taking the strongest away each time.
func TestPrecedence(t *testing.T) {
	files := map[string]string{"main.hcl": "variable \"x\" {\n  default = \"default\"\n}\noutput \"x\" {\n  value = var.x\n}\n"}
	o := Options{}
	expect := func(want, from string) {
		t.Helper()
		cfg := mustLoad(t, files, o)
		if cfg.Outputs[0].Value != want || cfg.Variables[0].From != from {
			t.Errorf("x = %v from %q, want %q from %q", cfg.Outputs[0].Value, cfg.Variables[0].From, want, from)
		}
	}
	expect("default", "default")
	o.Env = lookup(map[string]string{"INLAY_VAR_x": "env"})
	expect("env", "INLAY_VAR_x")
	files["inlay.vars"] = "x = \"inlay\"\n"
	expect("inlay", "inlay.vars")
	files["a.auto.vars"] = "x = \"a\"\n"
	files["b.auto.vars"] = "x = \"b\"\n"
	expect("b", "b.auto.vars")
	files["other.vars"] = "x = \"file\"\n"
	o.Vars = []VarInput{{Name: "x", Value: "flag"}, {File: "other.vars"}}
	expect("file", "other.vars")
	slices.Reverse(o.Vars)
	expect("flag", "-var")
}

func TestFunctions(t *testing.T) {
	files := map[string]string{
		"greeting.txt":  "hello",
		"query.tmpl":    "%{ for n in names }<${n}>%{ endfor }",
		"main.hcl":      "locals {\n  o = { a = 1 }\n}\n",
		"sub/extra.txt": "deep",
	}
	cfg := mustLoad(t, files, Options{Env: lookup(map[string]string{"HERE": "x"})})
	for expr, want := range map[string]string{
		`file("greeting.txt")`:                               `"hello"`,
		`file("./sub/extra.txt")`:                            `"deep"`,
		`templatefile("query.tmpl", { names = ["a", "b"] })`: `"<a><b>"`,
		`try(local.o.b, "fallback")`:                         `"fallback"`,
		`can(local.o.b)`:                                     `false`,
		`can(local.o.a)`:                                     `true`,
		`duration("1d12h")`:                                  `129600`,
		`duration("90s")`:                                    `90`,
		`env("HERE")`:                                        `(sensitive)`,
		`"${env("HERE")}!"`:                                  `(sensitive)`,
		`try(env("NOT"), "no")`:                              `"no"`,
		`env("NOT")`:                                         `(sensitive)`,
		`[for i in range(3) : i * 2]`:                        "[\n  0,\n  2,\n  4,\n]",
		`{ b = 1, "a b" = [] }`:                              "{\n  \"a b\" = []\n  b     = 1\n}",
		`toset(["b", "a", "b"])`:                             "[\n  \"a\",\n  \"b\",\n]",
		`toset([])`:                                          `[]`,
		`toset([1, "a"])`:                                    "[\n  \"1\",\n  \"a\",\n]",
		`tolist(toset([2, 1]))`:                              "[\n  1,\n  2,\n]",
		`toset(null)`:                                        `null`,
		`toset([null, "a"])`:                                 "[\n  \"a\",\n  null,\n]",
		`toset([env("HERE"), "a"])`:                          `(sensitive)`,
		`tolist(["a", env("HERE")])`:                         "[\n  \"a\",\n  (sensitive),\n]",
		`merge({ a = 1 }, { a = 2 })`:                        "{\n  a = 2\n}",
		`path.module`:                                        `"."`,
		`null`:                                               `null`,
		`9007199254740993`:                                   `9007199254740993`,
		`jsondecode("{\"a\": [1, null]}")`:                   "{\n  a = [\n    1,\n    null,\n  ]\n}",
		`format("%05d", 42)`:                                 `"00042"`,
		`timeadd("2026-01-01T00:00:00Z", "1h")`:              `"2026-01-01T01:00:00Z"`,
	} {
		got, diags := cfg.Eval(expr)
		if diags.HasErrors() || got != want {
			t.Errorf("%s = %s, want %s\n%s", expr, got, want, messages(diags))
		}
	}
	for expr, want := range map[string]string{
		`file("absent.txt")`:             "absent.txt",
		`duration("tomorrow")`:           "not a duration",
		`templatefile("query.tmpl", {})`: `needs "names"`,
		`local.oo`:                       `Did you mean "o"?`,
		`1 +`:                            "",
		strings.Repeat("[", 100000):      "nest",
	} {
		if got, diags := cfg.Eval(expr); !diags.HasErrors() || !strings.Contains(messages(diags), want) {
			t.Errorf("%.40s gave %s %s", expr, got, messages(diags))
		}
	}
}

func TestDynamic(t *testing.T) {
	cfg := mustLoad(t, map[string]string{"main.hcl": `
variable "promoted" { default = { plan = "custom_attributes.plan", tier = "custom_attributes.tier" } }
connection "intercom" "acme" {}
source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
}
target "parquet" "users" {
  source = source.intercom.users
  dynamic "column" {
    for_each = var.promoted
    labels   = [column.key]
    content {
      from = column.value
      type = "string"
    }
  }
  column "mail" { from = "email" }
}
`}, Options{})
	var names []string
	for _, f := range cfg.Targets[0].Shape.Fields {
		names = append(names, f.Name)
	}
	if want := []string{"id", "mail", "created_at", "updated_at", "custom_attributes", "plan", "tier"}; !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
}

// TestJSON loads the same configuration in both forms.
func TestJSON(t *testing.T) {
	native := mustLoad(t, map[string]string{"main.hcl": quickstart}, Options{})
	asJSON := mustLoad(t, map[string]string{"main.hcl.json": `{
  "variable": {"intercom_token": {"type": "string", "sensitive": true}},
  "connection": {"intercom": {"acme": {"access_token": "${var.intercom_token}", "region": "eu"}}},
  "source": {"intercom": {"users": {"connection": "connection.intercom.acme", "stream": "users", "incremental": true}}},
  "target": {"parquet": {"users": {
    "source": "${source.intercom.users}", "database": "crm", "time_column": "created_at",
    "timezone": "Asia/Tokyo", "schedule": "schedule.nightly"}}},
  "schedule": {"nightly": {"cron": "10 0 * * *", "timezone": "Asia/Tokyo", "delay": "30m"}}
}`}, Options{})
	if !slices.Equal(addresses(native), addresses(asJSON)) {
		t.Fatalf("%v", addresses(asJSON))
	}
	a, b := native.Targets[0], asJSON.Targets[0]
	if !reflect.DeepEqual(a.Settings, b.Settings) || !reflect.DeepEqual(a.Shape, b.Shape) || !reflect.DeepEqual(native.Sources[0].Settings, asJSON.Sources[0].Settings) {
		t.Errorf("%v\n%v", a.Settings, b.Settings)
	}
	if len(asJSON.Connections[0].Missing) != 1 {
		t.Errorf("%+v", asJSON.Connections[0])
	}
}

func TestSeveralFiles(t *testing.T) {
	whole := mustLoad(t, map[string]string{"main.hcl": quickstart}, Options{})
	files := map[string]string{"README.md": "no configuration", ".hidden.hcl": "nonsense {"}
	for i, part := range strings.Split(quickstart, "\n}\n") {
		if strings.TrimSpace(part) != "" {
			files[string(rune('z'-i))+".hcl"] = part + "\n}\n"
		}
	}
	split := mustLoad(t, files, Options{})
	if !slices.Equal(addresses(whole), addresses(split)) || !reflect.DeepEqual(whole.Targets[0].Settings, split.Targets[0].Settings) {
		t.Errorf("%v", addresses(split))
	}
}

func TestMoved(t *testing.T) {
	cfg := mustLoad(t, map[string]string{
		"main.hcl": `
schedule "nightly" { cron = "@daily" }
schedule "zones" {
  for_each = toset(["UTC", "Asia/Tokyo"])
  cron     = "@daily"
  timezone = each.key
}
moved {
  from = schedule.old
  to   = schedule.older
}
moved {
  from = schedule.older
  to   = schedule.nightly
}
moved {
  from = schedule.regions
  to   = schedule.zones
}
schedule "grown" {
  for_each = toset(["a", "b"])
  cron     = "@daily"
}
moved {
  from = schedule.grown
  to   = schedule.grown["a"]
}
moved {
  from = schedule.nightly["only"]
  to   = schedule.shrunk
}
schedule "shrunk" { cron = "@daily" }
module "b" { source = "./m" }
moved {
  from = module.a
  to   = module.b
}
removed {
  from = target.parquet.gone
  data = "delete"
}
`,
		"m/main.hcl": "schedule \"inner\" {\n  cron = \"@daily\"\n}\nremoved {\n  from = source.intercom.x[\"k\"]\n}\n",
	}, Options{})
	var got []string
	for _, m := range cfg.Moved {
		got = append(got, m.From.String()+" > "+m.To.String())
	}
	for _, r := range cfg.Removed {
		got = append(got, r.From.String()+" "+r.Data)
	}
	slices.Sort(got)
	want := []string{
		"module.a.schedule.inner > module.b.schedule.inner", `module.b.source.intercom.x["k"] keep`,
		`schedule.grown > schedule.grown["a"]`, `schedule.nightly["only"] > schedule.shrunk`,
		"schedule.old > schedule.older", "schedule.older > schedule.nightly",
		`schedule.regions["Asia/Tokyo"] > schedule.zones["Asia/Tokyo"]`, `schedule.regions["UTC"] > schedule.zones["UTC"]`,
		"target.parquet.gone delete",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestLeavesAreMarked lets the values of a for_each be secret or absent as long as its
// keys are open.
func TestLeavesAreMarked(t *testing.T) {
	text := `
variable "eu_token" { sensitive = true }
variable "us_token" {}
locals {
  accounts = {
    eu = { token = var.eu_token, region = "eu" }
    us = { token = var.us_token, region = "us" }
  }
}
connection "intercom" "all" {
  for_each     = local.accounts
  access_token = each.value.token
  region       = each.value.region
}
module "eu" {
  source = "./m"
  from   = connection.intercom.all["eu"]
  token  = var.eu_token
}
output "regions" { value = [for c in connection.intercom.all : c.region] }
output "token" {
  value     = module.eu.token
  sensitive = true
}
`
	files := map[string]string{"main.hcl": text, "m/main.hcl": "variable \"from\" {}\nvariable \"token\" {}\nconnection \"intercom\" \"c\" {\n  region = var.from.region\n  access_token = var.token\n}\noutput \"token\" { value = var.token }\n"}
	cfg := mustLoad(t, files, Options{Vars: []VarInput{{Name: "eu_token", Value: "t"}}})
	if !reflect.DeepEqual(cfg.Outputs[0].Value, []any{"eu", "us"}) || cfg.Outputs[1].Value != nil || cfg.Outputs[1].Secret.Reveal() != `"t"` {
		t.Errorf("%+v", cfg.Outputs)
	}
	eu, us, inner := cfg.Connections[0], cfg.Connections[1], cfg.Connections[2]
	if eu.Secrets["access_token"].Reveal() != "t" || len(us.Missing) != 1 || inner.Secrets["access_token"].Reveal() != "t" || inner.Settings.String("region") != "eu" {
		t.Errorf("%+v\n%+v\n%+v", eu, us, inner)
	}
}

// TestCycleThroughModules follows a cycle into a module and out again, edge by edge.
func TestCycleThroughModules(t *testing.T) {
	_, diags := Load(".", testCatalogue(), inMemory(map[string]string{
		"main.hcl":   "module \"m\" {\n  source = \"./m\"\n  in     = local.back\n}\nlocals {\n  back = module.m.out\n}\n",
		"m/main.hcl": "variable \"in\" {}\noutput \"out\" {\n  value = var.in\n}\n",
	}))
	all := messages(diags)
	for _, edge := range []string{
		"local.back refers to module.m.output.out at main.hcl:6", "module.m.output.out refers to module.m.var.in at m/main.hcl:3", "module.m.var.in refers to local.back at main.hcl:3",
	} {
		if !strings.Contains(all, edge) {
			t.Errorf("%q is not in\n%s", edge, all)
		}
	}
	if len(diags) != 1 {
		t.Error(all)
	}
}

// TestModulesMayUseEachOther passes an output of each of two modules to the other.
func TestModulesMayUseEachOther(t *testing.T) {
	m := "variable \"in\" { default = 1 }\noutput \"const\" { value = 7 }\noutput \"twice\" { value = var.in * 2 }\n"
	cfg := mustLoad(t, map[string]string{
		"main.hcl":   "module \"a\" {\n  source = \"./m\"\n  in = module.b.const\n}\nmodule \"b\" {\n  source = \"./m\"\n  in = module.a.twice\n}\noutput \"b\" { value = module.b.twice }\n",
		"m/main.hcl": m,
	}, Options{})
	if cfg.Outputs[0].Value != int64(28) {
		t.Errorf("%v", cfg.Outputs[0].Value)
	}
}

// TestSameTextSameWords loads everything that is wrong at once, again and again.
func TestSameTextSameWords(t *testing.T) {
	for _, name := range corpus(t) {
		first := ""
		for range 5 {
			c := readCase(t, name)
			cfg, diags := Load(corpusDir, testCatalogue(), c.opt)
			cfg.texts, cfg.root = nil, nil
			asJSON, err := json.Marshal(cfg)
			if err != nil {
				t.Fatal(err)
			}
			if now := messages(diags) + string(asJSON); first == "" {
				first = now
			} else if now != first {
				t.Fatalf("%s: once\n%s\nand then\n%s", name, first, now)
			}
		}
	}
}
