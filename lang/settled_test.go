package lang

import "testing"

// What a run needs of a configuration with mistakes is known wherever it can be: where the
// tables are, and what a connection says.
func TestSettledAndWhole(t *testing.T) {
	const connection = "connection \"intercom\" \"a\" {\n  access_token = env(\"TOKEN\")\n}\n"
	tests := []struct {
		name           string
		files          map[string]string
		settled, whole bool
	}{
		{"no mistake", map[string]string{"a.hcl": connection}, true, true},
		{"a mistake of meaning elsewhere", map[string]string{"a.hcl": connection + "source \"intercom\" \"b\" {\n  strem = 1\n}\n"}, true, true},
		{"a mistake of syntax behind it", map[string]string{"a.hcl": connection + "source \"intercom\" {{\n"}, true, true},
		{"a mistake of syntax inside it", map[string]string{"a.hcl": "connection \"intercom\" \"a\" {\n  access_token = env(\n}\n"}, true, false},
		{"a mistake of syntax in another file", map[string]string{"a.hcl": connection, "b.hcl": "source {{{"}, true, true},
		{"a mistake of meaning inside it", map[string]string{"a.hcl": "connection \"intercom\" \"a\" {\n  region = 12\n}\n"}, true, false},
		{"an inlay block without a state", map[string]string{"a.hcl": connection + "inlay {\n  state = \"\"\n}\n"}, false, true},
		{"an inlay block for another version", map[string]string{"a.hcl": connection + "inlay {\n  required_version = \">= 9\"\n}\n"}, false, true},
		{"an inlay block that is whole", map[string]string{"a.hcl": connection + "inlay {\n  state = \"s.json\"\n}\ntarget {{{"}, true, true},
		{"an inlay block that is torn", map[string]string{"a.hcl": connection + "inlay {\n  state = \"s.json\n"}, false, true},
		{"an inlay block that may be lost", map[string]string{"a.hcl": connection, "b.hcl": "}\ninlay {\n}\n"}, false, true},
		{"an inlay block spelt wrong", map[string]string{"a.hcl": connection + "inlya {\n  state = \"s.json\"\n}\n"}, false, true},
		{"a warehouse without a value", map[string]string{"a.hcl": connection + "variable \"w\" {}\ninlay {\n  warehouse = var.w\n}\n"}, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := inMemory(test.files)
			o.Version = "0.1.0"
			cfg, _ := Load(".", testCatalogue(), o)
			if cfg.Settled != test.settled {
				t.Errorf("settled: %v", cfg.Settled)
			}
			whole := len(cfg.Connections) == 1 && cfg.Connections[0].Whole
			if whole != test.whole {
				t.Errorf("whole: %v of %+v", whole, cfg.Connections)
			}
		})
	}
}
