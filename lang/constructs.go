package lang

import "github.com/inlay-sync/inlay/setting"

// Construct is a block of the language itself, which no provider and no room declares.
type Construct struct {
	Name  string // the block's kind: "variable"
	Label string // what its label is; "" when it has none
	Doc   string
	// Settings are what it may hold; kinds are those of the values they take.
	Settings []setting.Setting
	// Others is what any other name in it is; "" where there may be none.
	Others string
	// Example is a configuration with the block and all its Settings; "" for module, which
	// needs a folder of its own.
	Example string
}

// Constructs lists the blocks of the language itself.
func Constructs() []Construct {
	return []Construct{
		{Name: "variable", Label: "name", Doc: "A value that is given from outside, read as var.NAME.", Settings: []setting.Setting{
			{Name: "type", Kind: setting.Any, Doc: "What the value must be: string, number, bool, list(…), set(…), map(…), object({…}) with optional(TYPE, DEFAULT) inside; any when absent."},
			{Name: "default", Kind: setting.Any, Doc: "The value when none is given; without it one must be given."},
			{Name: "description", Kind: setting.String, Doc: "What it is for."},
			{Name: "sensitive", Kind: setting.Bool, Default: false, Doc: "The value is never shown, and nothing stored may derive from it."},
			{Name: "nullable", Kind: setting.Bool, Default: true, Doc: "With false, null is refused, or stands for the default."},
			{Name: "validation", Kind: setting.Block, Repeated: true, Doc: "A rule that the value must meet.", Fields: []setting.Setting{
				{Name: "condition", Kind: setting.Bool, Required: true, Doc: "True of a value that will do; refers to the variable alone."},
				{Name: "error_message", Kind: setting.String, Required: true, Doc: "What to say of one that will not."},
			}},
		}, Example: `variable "since" {
  type        = string
  default     = "90d"
  description = "How far back to begin."
  sensitive   = false
  nullable    = false
  validation {
    condition     = duration(var.since) >= duration("1d")
    error_message = "Begin at least a day back."
  }
}
`},
		{Name: "locals", Doc: "Names for expressions, in any order, each read as local.NAME.",
			Others: "Any expression. Locals may refer to each other, but not in a circle.", Example: `locals {
  streams = toset(["tags", "segments"])
}
`},
		{Name: "output", Label: "name", Doc: "A value to show with inlay output, and what a module hands to the folder that uses it.", Settings: []setting.Setting{
			{Name: "value", Kind: setting.Any, Required: true, Doc: "Any expression."},
			{Name: "description", Kind: setting.String, Doc: "What it is."},
			{Name: "sensitive", Kind: setting.Bool, Default: false, Doc: "The value is shown only to who asks for it by name; one that derives from a sensitive value must say so."},
		}, Example: `output "tables" {
  value       = "warehouse/crm"
  description = "Where the tables stand."
  sensitive   = false
}
`},
		{Name: "module", Label: "name", Doc: "Another folder of configuration, used as if it were one block. Its outputs are read as module.NAME.OUTPUT, and its blocks have addresses such as module.NAME.target.parquet.users.",
			Others: "A value for the module's variable of that name. Connections, sources and schedules can be given too.", Settings: []setting.Setting{
				{Name: "source", Kind: setting.String, Required: true, Doc: "The folder, as a path that begins with ./ or ../."},
				{Name: "for_each", Kind: setting.Any, Doc: "A set of strings or a map: the module is used once for each."},
			}},
		{Name: "moved", Doc: "Says that what was applied at one address is now declared at another, so that the table is kept.", Settings: []setting.Setting{
			{Name: "from", Kind: setting.Reference, RefKind: "block", Required: true, Doc: "The address it had. A whole module may be named too."},
			{Name: "to", Kind: setting.Reference, RefKind: "block", Required: true, Doc: "The address it has now."},
		}, Example: `moved {
  from = schedule.midnight
  to   = schedule.nightly
}

schedule "nightly" {
  cron = "@daily"
}
`},
		{Name: "removed", Doc: "Says that a block is gone on purpose, and what becomes of its table.", Settings: []setting.Setting{
			{Name: "from", Kind: setting.Reference, RefKind: "block", Required: true, Doc: "The address it had."},
			{Name: "data", Kind: setting.String, Default: DataKeep, Values: []string{DataKeep, DataDelete}, Doc: "What becomes of the files."},
		}, Example: `removed {
  from = target.parquet.old
  data = "keep"
}
`},
	}
}

// Dynamic is the block that repeats a nested block; its label is the kind of that block.
func Dynamic() Construct {
	return Construct{Name: "dynamic", Label: "block", Doc: "Repeats a nested block once for each element of for_each. Inside content, BLOCK.key and BLOCK.value are the element.", Settings: []setting.Setting{
		{Name: "for_each", Kind: setting.Any, Required: true, Doc: "A list, set or map."},
		{Name: "iterator", Kind: setting.Any, Doc: "Another name for the element than the block's."},
		{Name: "labels", Kind: setting.Strings, Doc: "The labels of the block that is made."},
		{Name: "content", Kind: setting.Block, Required: true, Doc: "What each block holds."},
	}, Example: `connection "intercom" "acme" {}

source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
}

target "parquet" "users" {
  source = source.intercom.users
  dynamic "expect" {
    for_each = { ids = "id" }
    iterator = claim
    labels   = [claim.key]
    content {
      not_null = [claim.value]
    }
  }
}
`}
}
