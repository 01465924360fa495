package convert_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/convert"
	"github.com/inlay-sync/inlay/lang"
)

// FuzzFile holds that any bytes end in HCL that is formatted, or in an error of ours.
func FuzzFile(f *testing.F) {
	names, err := filepath.Glob("testdata/files/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		yml, _ := member(a, "load.yml")
		f.Add([]byte(yml), "created_at", "n", "@daily", "PST", "60")
	}
	f.Add([]byte("in: &a\n  type: intercom\n  target: users\n  x: *a\n"), "${x}\n\"", "%{", "* * * * *", "\x00", "-1")
	f.Add([]byte("{{ a }}"), "", "", "", "", "")
	f.Add([]byte(strings.Repeat("[", 20_000)), "", "", "", "", "")
	f.Fuzz(func(t *testing.T, yml []byte, column, name, cron, zone, delay string) {
		hcl, _, err := convert.File(yml, convert.Arguments{TimeColumn: column, Name: name, Cron: cron, Timezone: zone, Delay: delay})
		if err != nil {
			if e := (*convert.Error)(nil); !errors.As(err, &e) {
				t.Fatal(err)
			}
			return
		}
		again, diags := lang.Format([]byte(hcl), "main.hcl")
		if diags.HasErrors() || string(again) != hcl {
			t.Fatalf("%v\n%s", diags, hcl)
		}
	})
}

// FuzzCommand holds that any words end in arguments or in an error of ours.
func FuzzCommand(f *testing.F) {
	f.Add("td connector:issue load.yml --database d --table t")
	f.Add("connector:create n @daily d t load.yml -D 1 -tUTC --")
	f.Add("td - -- --=")
	f.Fuzz(func(t *testing.T, line string) {
		_, _, err := convert.Command(strings.Split(line, " "))
		if e := (*convert.Error)(nil); err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
	})
}

// TestSecretsStay puts a secret under every key that may hold one, in every way YAML has to
// write it, beside mistakes and without, and looks for it in all that comes out.
func TestSecretsStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Za-z0-9]{12,24}`).Draw(t, "secret") + "SECRET"
		form := rapid.SampledFrom([]string{"%s", "'%s'", "\"%s\"", "\n    %s", "[%s]", "{%s: 1}", "!tag %s", "&%[1]s x", "|\n    %s", "*%s", "%s: %[1]s", "\"%s", "{{ %s }}", "${%s}"}).Draw(t, "form")
		key := rapid.SampledFrom([]string{"access_token", "api_key", "app_id", "client_secret", "refresh_token", "password", "td_authentication_id"}).Draw(t, "key")
		rest := rapid.SampledFrom([]string{"target: users", "target: nothing", "target: tags\n  target: tags", "incremental: 7", ": :", ""}).Draw(t, "rest")
		out := rapid.SampledFrom([]string{"", "out:\n  apikey: %s\n", "exec: {%s: 1, key: %[1]s}\n", "filters: [{type: add_time, key: %s}, {type: x, key: %[1]s}]\n"}).Draw(t, "out")
		if strings.Contains(out, "%") {
			out = strings.ReplaceAll(fmt.Sprintf(out, "S"+secret), "{S"+secret+":", "{plain:")
		}
		yml := "in:\n  type: intercom\n  " + key + ": " + fmt.Sprintf(form, secret) + "\n  " + rest + "\n" + out
		hcl, notes, err := convert.File([]byte(yml), convert.Arguments{})
		if all := hcl + written(notes) + fmt.Sprint(err); strings.Contains(all, secret) {
			t.Fatalf("the secret of\n%s\nis in\n%s", yml, all)
		}
	})
}

// TestWhatIsWrittenLoads converts connectors put together at random: what comes out loads.
func TestWhatIsWrittenLoads(t *testing.T) {
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "created_at", "updated_at", "time", "auto"}), rapid.String())
	rapid.Check(t, func(r *rapid.T) {
		args := convert.Arguments{
			Database: rapid.SampledFrom([]string{"", "crm", "2024"}).Draw(r, "database"), Table: rapid.SampledFrom([]string{"", "users", "_", "7", "A_b"}).Draw(r, "table"),
			AutoCreateTable: rapid.Bool().Draw(r, "create"), Name: text.Draw(r, "name"),
			Cron: rapid.SampledFrom([]string{"", "@daily", "0 1 * * *", "61 * * * *"}).Draw(r, "cron"), Timezone: text.Draw(r, "zone"),
			Delay: rapid.SampledFrom([]string{"", "0", "90", "3600", "-1", "999999999999"}).Draw(r, "delay"),
		}
		yml := fmt.Sprintf("in:\n  type: intercom\n  target: %s\n  incremental: %s\nout: {mode: %s}\nfilters:\n%s",
			rapid.SampledFrom([]string{"users", "conversations", "segments", "tags"}).Draw(r, "target"),
			rapid.SampledFrom([]string{"true", "false", "", "no"}).Draw(r, "incremental"),
			rapid.SampledFrom([]string{"append", "replace", "replace_on_new_data", ""}).Draw(r, "mode"),
			strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
				"- {type: add_time, from_column: {name: id, unix_timestamp_unit: sec}}\n",
				"- {type: add_time, to_column: {name: created}, from_column: {name: id}}\n",
				"- {type: add_time, from_value: {mode: upload_time}}\n", "- {type: add_time}\n", "- {type: hash}\n",
			}), 0, 3).Draw(r, "filters"), ""))
		hcl, _, err := convert.File([]byte(yml), args)
		if err != nil {
			r.Fatal(err)
		}
		if _, diags := load(t, hcl); diags.HasErrors() {
			r.Fatalf("%v\n%s\n%s", diags, yml, hcl)
		}
	})
}
