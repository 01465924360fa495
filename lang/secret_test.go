package lang

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const (
	envSecret = "envs3cretvalue"
	varSecret = "vars3cretvalue"
)

// leaks are expressions over a secret S, right and wrong ones. None may show it.
var leaks = []string{
	"S", `"Bearer ${S}"`, "upper(S)", "parseint(S, 10)", "tonumber(S)", "tobool(S)", "jsondecode(S)", "S + 1", "-S", "!S",
	"{ (S) = 1 }", `{ for x in [S, S] : x => 1 }`, "[S][S]", "{ a = 1 }[S]", "S.x", "S[0]", "file(S)", "env(S)", "duration(S)",
	"regex(S, \"x\")", "regex(\"(\", S)", "try(parseint(S, 10))", "can(parseint(S, 10))", "S ? 1 : 2", "split(S, 1)", "formatdate(S, S)",
	"timeadd(S, S)", `templatefile("t.tmpl", { x = S })`, `templatefile(S, {})`, "nope(S)", "toset([S])", "csvdecode(S)",
	"lookup({}, S)", "element([], S)", "coalesce(S, 1, [])", "S == 1 ? S : [S]", "sort([S, 1])", "format(\"%d\", S)", "local.nope[S]",
	`"%{ if S }x%{ endif }"`, "tomap({ a = S }).b", "setproduct(S, S)", "zipmap([S], [])", "range(S)", "substr(S, S, S)", "replace(S, \"/(/\", S)",
}

// TestNothingLeaks puts every expression over a secret into every kind of place and looks
// for the secret, in any letter case, in all that comes out.
func TestNothingLeaks(t *testing.T) {
	places := []string{
		"connection \"intercom\" \"a\" {\n  access_token = X\n}",
		"connection \"intercom\" \"a\" {\n  api_version = X\n}",
		"connection \"intercom\" \"a\" {\n  base_url = X\n}",
		"connection \"intercom\" \"a\" {\n  rate_limit = X\n}",
		"connection \"intercom\" \"a\" {\n  oauth {\n    client_id = X\n    client_secret = X\n  }\n}",
		"schedule \"s\" {\n  cron = X\n}",
		"schedule \"s\" {\n  for_each = X\n  cron = \"@daily\"\n}",
		"schedule \"s\" {\n  enabled = X\n  cron = \"@daily\"\n}",
		"output \"o\" {\n  value = X\n}",
		"output \"o\" {\n  value = X\n  sensitive = true\n}",
		"inlay {\n  warehouse = X\n  hash_key = X\n  required_version = X\n}",
		"inlay {\n  webhook \"w\" {\n    url = X\n    on = X\n  }\n}",
		"module \"m\" {\n  source = \"./m\"\n  n = X\n}",
		"module \"m\" {\n  source = \"./m\"\n  for_each = X\n  n = 1\n}",
		"locals {\n  l = X\n}\nschedule \"s\" {\n  cron = local.l\n  timezone = \"${local.l}x\"\n}",
		"connection \"intercom\" \"a\" {}\nsource \"intercom\" \"a\" {\n  connection = X\n  stream = X\n  filter = X\n  expand = X\n}",
		"connection \"intercom\" \"a\" {}\nsource \"intercom\" \"a\" {\n  connection = connection.intercom.a\n  stream = \"users\"\n}\n" +
			"target \"parquet\" \"a\" {\n  source = source.intercom.a\n  dynamic \"column\" {\n    for_each = X\n    labels = [X]\n    content {\n      from = X\n    }\n  }\n}",
	}
	for _, secret := range []string{`env("SECRET")`, "var.secret"} {
		for _, place := range places {
			for _, leak := range leaks {
				text := strings.ReplaceAll(place, "X", strings.ReplaceAll(leak, "S", secret))
				out := everything(t, text)
				if at := strings.Index(strings.ToLower(out), "s3cret"); at >= 0 {
					t.Fatalf("%s\n\nshows the secret:\n…%s…", text, out[max(0, at-200):min(len(out), at+200)])
				}
			}
		}
	}
}

// everything is all the text that comes out of a load: diagnostics, what is missing, the
// Config printed and as JSON, and the console.
func everything(t *testing.T, text string) string {
	o := inMemory(secretFiles(text))
	o.Env = lookup(map[string]string{"SECRET": envSecret})
	o.Vars = []VarInput{{Name: "secret", Value: varSecret}}
	cfg, diags := Load(".", testCatalogue(), o)
	var b strings.Builder
	b.WriteString(messages(diags))
	for _, d := range diags {
		fmt.Fprintf(&b, "%+v", d)
		if d.Expression != nil || d.EvalContext != nil {
			t.Errorf("a diagnostic carries values")
		}
	}
	for _, c := range cfg.Connections {
		for _, m := range c.Missing {
			b.WriteString(m.Diagnostic.Detail)
		}
	}
	asJSON, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.texts = nil
	fmt.Fprintf(&b, "%s %+v %#v", asJSON, cfg, cfg)
	return b.String()
}

func secretFiles(text string) map[string]string {
	return map[string]string{
		"main.hcl":   "variable \"secret\" {\n  sensitive = true\n}\n" + text + "\n",
		"t.tmpl":     "${x + 1}",
		"m/main.hcl": "variable \"n\" {\n  type = number\n  validation {\n    condition = var.n > 1\n    error_message = \"bad ${var.n}\"\n  }\n}\n",
	}
}

func TestEnvOnlyWhereNothingIsStored(t *testing.T) {
	cfg := mustLoad(t, map[string]string{"main.hcl": `
inlay {
  hash_key = env("HASH")
  webhook "ops" {
    url    = env("HOOK")
    secret = env("UNSET")
  }
}
connection "intercom" "a" {
  access_token = env("TOKEN")
  base_url     = env("URL")
}
connection "intercom" "b" {
  access_token = env("UNSET")
  base_url     = "https://example.com"
}
`}, Options{Env: lookup(map[string]string{"HASH": "h", "HOOK": "https://example.com/hook", "TOKEN": "t", "URL": "https://example.com"})})
	a, b := cfg.Connections[0], cfg.Connections[1]
	if a.Secrets["access_token"].Reveal() != "t" || a.Secrets["base_url"].Reveal() != "https://example.com" || a.Settings.Has("base_url") {
		t.Errorf("%v %v", a.Secrets, a.Settings)
	}
	if len(b.Missing) != 1 || b.Missing[0].Variable != "UNSET" || !strings.Contains(b.Missing[0].Diagnostic.Detail, "UNSET") || b.Settings.String("base_url") == "" {
		t.Errorf("%+v", b)
	}
	in := cfg.Inlay
	if in.HashKey.Reveal() != "h" || in.Webhooks[0].URL.Reveal() != "https://example.com/hook" || len(in.Missing) != 1 || len(in.Webhooks[0].On) != 2 {
		t.Errorf("%+v", in)
	}
}
