package lang

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzLoad feeds any bytes as configuration, in both forms. It must not panic, and it must
// explain: what cannot be used has a diagnostic.
func FuzzLoad(f *testing.F) {
	for _, name := range corpus(f) {
		src, err := os.ReadFile(filepath.Join(corpusDir, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(quickstart))
	f.Add([]byte(`{"schedule": {"nightly": {"cron": "10 0 * * *", "timezone": "${upper(\"utc\")}"}}, "locals": {"a": [1, {"b": null}]}}`))
	f.Add([]byte("schedule \"a\" {\n  cron = [for x in null : x]\n}\nlocals {\n  a = local.a[*].b\n  b = \"%{ for x in y }\"\n  c = <<EOT\n${1}\nEOT\n}\n"))
	for _, leak := range leaks {
		f.Add([]byte("locals {\n  x = " + strings.ReplaceAll(leak, "S", "null") + "\n}\nschedule \"s\" {\n  for_each = local.x\n  cron     = local.x\n}\n"))
	}
	catalogue := testCatalogue()
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, name := range []string{"main.hcl", "main.hcl.json"} {
			o := inMemory(map[string]string{name: string(src), "t.tmpl": "${x}"})
			cfg, diags := Load(".", catalogue, o)
			for _, target := range cfg.Targets {
				if !diags.HasErrors() && (target.Stream.Name == "" || target.Table == "") {
					t.Fatalf("%s is not whole, and nothing says why", target.Address)
				}
			}
			for _, s := range cfg.Schedules {
				if !diags.HasErrors() && s.Parsed == nil {
					t.Fatalf("%s is not whole, and nothing says why", s.Address)
				}
			}
		}
	})
}

// FuzzVars feeds any bytes as a file of variables and as the value of a variable.
func FuzzVars(f *testing.F) {
	f.Add([]byte("a = 1\nb = [\"x\"]\n"), "{ k = 1 }")
	f.Add([]byte("c = { x = null }\n"), "[1, 2")
	f.Add([]byte("{\"a\": 1}"), "null")
	text := "variable \"a\" { type = number }\nvariable \"b\" { type = list(string) }\nvariable \"c\" { type = object({ x = optional(map(number)) }) }\n" +
		"variable \"d\" {\n  nullable = false\n  validation {\n    condition = var.d != \"x\"\n    error_message = var.d\n  }\n}\noutput \"all\" { value = [var.a, var.b, var.c, var.d] }\n"
	catalogue := testCatalogue()
	f.Fuzz(func(t *testing.T, file []byte, value string) {
		o := inMemory(map[string]string{"main.hcl": text, "inlay.vars": string(file), "x.auto.vars.json": string(file)})
		for _, name := range []string{"a", "b", "c", "d"} {
			o.Vars = append(o.Vars, VarInput{Name: name, Value: value})
		}
		Load(".", catalogue, o)
	})
}

// FuzzEval feeds any text to the console.
func FuzzEval(f *testing.F) {
	for _, leak := range leaks {
		f.Add(strings.ReplaceAll(leak, "S", `"x"`))
	}
	cfg, diags := Load(".", testCatalogue(), inMemory(map[string]string{"main.hcl": quickstart}))
	if diags.HasErrors() {
		f.Fatal(messages(diags))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if out, diags := cfg.Eval(text); !diags.HasErrors() && out == "" {
			t.Fatalf("%q has neither a value nor an error", text)
		}
	})
}

// FuzzFormat feeds any text to fmt. What it formats stays formatted.
func FuzzFormat(f *testing.F) {
	f.Add([]byte(quickstart))
	f.Add([]byte("a   =  1 # x\n\n\n\nb {\nc=[1,\n2]}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		once, diags := Format(src, "main.hcl")
		if diags.HasErrors() {
			if !bytes.Equal(once, src) {
				t.Fatal("a text in error was changed")
			}
			return
		}
		if twice, diags := Format(once, "main.hcl"); diags.HasErrors() || !bytes.Equal(once, twice) {
			t.Fatalf("formatting %q gave %q and then %q", src, once, twice)
		}
	})
}

// TestNoTextExhaustsTheStack chains and nests whatever the parser and the evaluation walk
// down recursively: far too often, and just less often than is refused.
func TestNoTextExhaustsTheStack(t *testing.T) {
	for _, c := range []struct{ before, again, end string }{
		{"", "[", ""}, {"", "(", "1"}, {"", "!", "true"}, {"", "-", "1"}, {"", "1+", "1"}, {"", "true?1:", "1"}, {"", "true ?\n1 :\n", "1"},
		{"(1", "\n+1", ")"}, {"[]", "[*]", ""}, {"{}", ".a", ""}, {"\"", "${\"", ""}, {"\"", "%{ if true }", "\""}, {"", "{a=", "1"}, {"", "f(", "1"}, {"", "[for x in []:", "1"},
	} {
		for _, n := range []int{300, maxOperators / 4, 1 << 15} {
			expr := c.before + strings.Repeat(c.again, n) + c.end
			cfg, diags := Load(".", testCatalogue(), inMemory(map[string]string{"main.hcl": "locals {\n  a = " + expr + "\n}\n", "main.hcl.json": expr}))
			if n == 1<<15 && !diags.HasErrors() {
				t.Errorf("%q %d times was accepted", c.again, n)
			}
			if cfg.root != nil {
				cfg.Eval(expr)
			}
		}
	}
}

func TestHugeNumbers(t *testing.T) {
	cfg, diags := Load(".", testCatalogue(), inMemory(map[string]string{"main.hcl": "output \"o\" { value = 1e900 }\noutput \"p\" { value = 123456789012345678901234567890 }\n"}))
	if len(diags) != 1 || diags[0].Summary != sumType {
		t.Errorf("%s", messages(diags))
	}
	if cfg.Outputs[0].Text != "123456789012345678901234567890" {
		t.Errorf("%+v", cfg.Outputs)
	}
	if out, _ := cfg.Eval("1e200000"); len(out) > 40 {
		t.Errorf("%.40s…", out)
	}
}
