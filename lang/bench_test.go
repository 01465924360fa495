package lang

import (
	"fmt"
	"strings"
	"testing"
)

// manyBlocks writes n blocks: a connection, a schedule, and pairs of source and target.
func manyBlocks(n int) string {
	var b strings.Builder
	b.WriteString("connection \"intercom\" \"acme\" {\n  region = \"eu\"\n}\n\nschedule \"nightly\" {\n  cron = \"10 0 * * *\"\n}\n")
	for i := range n / 2 {
		fmt.Fprintf(&b, `
source "intercom" "s%[1]d" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}

target "parquet" "t%[1]d" {
  source      = source.intercom.s%[1]d
  database    = "crm"
  mode        = "append"
  time_column = "created_at"
  timezone    = "Asia/Tokyo"
  schedule    = schedule.nightly
}
`, i)
	}
	return b.String()
}

func manyKeys(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%q", fmt.Sprintf("n%d", i))
	}
	return fmt.Sprintf(`
connection "intercom" "acme" {}

locals {
  names = [%s]
}

source "intercom" "all" {
  for_each   = toset(local.names)
  connection = connection.intercom.acme
  stream     = "users"
}

target "parquet" "all" {
  for_each = toset(local.names)
  source   = source.intercom.all[each.key]
  database = "crm"
  table    = "users_${each.key}"
}
`, strings.Join(names, ", "))
}

func BenchmarkBlocks3(b *testing.B)     { benchmark(b, manyBlocks(2)) }
func BenchmarkBlocks10000(b *testing.B) { benchmark(b, manyBlocks(10000)) }
func BenchmarkForEach1000(b *testing.B) { benchmark(b, manyKeys(1000)) }
func BenchmarkForEach2000(b *testing.B) { benchmark(b, manyKeys(2000)) }
func BenchmarkForEach4000(b *testing.B) { benchmark(b, manyKeys(4000)) }

func benchmark(b *testing.B, text string) {
	dir := write(b, map[string]string{"main.hcl": text})
	b.ReportAllocs()
	for b.Loop() {
		cfg, diags := Load(dir, testCatalogue(), Options{})
		if len(diags) > 0 {
			b.Fatal(messages(diags))
		}
		_ = cfg
	}
}

// TestForEachIsLinear counts allocations, which unlike time are the same every time.
func TestForEachIsLinear(t *testing.T) {
	count := func(n int) float64 {
		o := inMemory(map[string]string{"main.hcl": manyKeys(n)})
		return testing.AllocsPerRun(1, func() {
			if _, diags := Load(".", testCatalogue(), o); len(diags) > 0 {
				t.Fatal(messages(diags))
			}
		})
	}
	if once, twice := count(400), count(800); twice > 2.3*once {
		t.Errorf("400 keys take %.0f allocations, 800 take %.0f", once, twice)
	}
}
