package lang

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

const everyFeature = `
inlay {
  warehouse = var.warehouse
  hash_key  = env("HASH_KEY")
}
variable "warehouse" {
  type    = string
  default = "tables"
}
variable "streams" {
  type    = map(object({ stream = string }))
  default = { people = { stream = "users" }, labels = { stream = "tags" } }
}
locals {
  zone  = "Asia/Tokyo"
  shout = upper(local.zone)
}
connection "intercom" "acme" {
  region       = "eu"
  oauth {
    client_id     = "abc"
    client_secret = env("CLIENT_SECRET")
  }
}
source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
  cursor      = "updated_at"
  lookback    = "2h"
  expand      = ["companies"]
}
source "intercom" "all" {
  for_each   = var.streams
  connection = connection.intercom.acme
  stream     = each.value.stream
}
target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  mode        = "upsert"
  time_column = "created_at"
  timezone    = local.zone
  sort_by     = ["created_at"]
  schedule    = schedule.nightly
  column "mail" {
    from = "email"
    hash = true
  }
  expect "people have a mail" {
    not_null  = ["mail"]
    condition = "created_at < updated_at"
    severity  = "warn"
  }
  lifecycle {
    prevent_destroy = true
  }
}
target "parquet" "all" {
  for_each = source.intercom.all
  source   = source.intercom.all[each.key]
  table    = each.key
}
target "parquet" "one" {
  source = source.intercom.all["people"]
}
schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
  catchup  = "none"
}
output "paths" {
  value = [target.parquet.users.table, local.shout, target.parquet.all["labels"].table]
}
`

// free are words that may be spelt in any way.
var free = map[string]bool{
	`"tables"`: true, `"abc"`: true, `"crm"`: true, `"people have a mail"`: true, `"paths"`: true, `"2h"`: true, `"HASH_KEY"`: true, `"CLIENT_SECRET"`: true,
	`"one"`: true,
}

// TestOneMistakeOneDiagnostic misspells each word of a configuration in turn. Every
// misspelling is found, and nothing that merely follows from it is reported.
func TestOneMistakeOneDiagnostic(t *testing.T) {
	env := lookup(map[string]string{"HASH_KEY": "h"})
	load := func(text string) Diagnostics {
		o := inMemory(map[string]string{"main.hcl": text})
		o.Env = env
		_, diags := Load(".", testCatalogue(), o)
		return diags
	}
	if diags := load(everyFeature); len(diags) > 0 {
		t.Fatal(messages(diags))
	}
	tokens, _ := hclsyntax.LexConfig([]byte(everyFeature), "main.hcl", hcl.InitialPos)
	tried := 0
	for i, tok := range tokens {
		word := string(tok.Bytes)
		if tok.Type != hclsyntax.TokenIdent && tok.Type != hclsyntax.TokenQuotedLit {
			continue
		}
		if free[`"`+word+`"`] || len(word) < 3 || word == "true" && tokens[i-2].Type == hclsyntax.TokenIdent {
			continue
		}
		r := tok.Range
		misspelt := word[:1] + "x" + word[2:]
		if misspelt == word {
			misspelt = word[:1] + "q" + word[2:]
		}
		wrong := everyFeature[:r.Start.Byte] + misspelt + everyFeature[r.End.Byte:]
		if word == "10 0 * * *" || strings.Contains(word, " < ") {
			continue
		}
		tried++
		diags := load(wrong)
		if len(diags) == 0 {
			t.Errorf("%s: %q written as %q was accepted", where(r), word, misspelt)
		} else if len(diags) > 1 {
			t.Errorf("%s: %q written as %q:\n%s", where(r), word, misspelt, messages(diags))
		}
	}
	if tried < 120 {
		t.Errorf("only %d words were tried", tried)
	}
}
