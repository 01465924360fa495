package lang

import "github.com/inlay-sync/inlay/setting"

// Construct is a block of the language itself, which no provider and no room declares.
type Construct struct {
	Name  string // the block's kind: "variable"
	Label string // what its label is; "" when it has none
	Doc   string
	// Settings are what it may hold; kinds are those of the values they take.
	Settings []setting.Setting
	// Open is set where it holds any names beside Settings.
	Open bool
}

// Constructs lists the blocks of the language itself.
func Constructs() []Construct {
	return []Construct{
		{Name: "variable", Label: "name", Doc: "A value that is given from outside, read as var.NAME.", Settings: []setting.Setting{
			{Name: "type", Kind: setting.Any, Doc: "What the value must be: string, number, bool, list(…), set(…), map(…), object({…}); any when absent."},
			{Name: "default", Kind: setting.Any, Doc: "The value when none is given; without it one must be given."},
			{Name: "description", Kind: setting.String, Doc: "What it is for."},
			{Name: "sensitive", Kind: setting.Bool, Default: false, Doc: "The value is never shown, and nothing stored may derive from it."},
			{Name: "nullable", Kind: setting.Bool, Default: true, Doc: "With false, null is refused, or stands for the default."},
			{Name: "validation", Kind: setting.Block, Repeated: true, Doc: "A rule that the value must meet.", Fields: []setting.Setting{
				{Name: "condition", Kind: setting.Bool, Required: true, Doc: "True of a value that will do; refers to the variable alone."},
				{Name: "error_message", Kind: setting.String, Required: true, Doc: "What to say of one that will not."},
			}},
		}},
		{Name: "locals", Doc: "Names for expressions, in any order, each read as local.NAME.", Open: true},
		{Name: "output", Label: "name", Doc: "A value to show, and what a module hands to the folder that uses it.", Settings: []setting.Setting{
			{Name: "value", Kind: setting.Any, Required: true, Doc: "Any expression."},
			{Name: "description", Kind: setting.String, Doc: "What it is."},
			{Name: "sensitive", Kind: setting.Bool, Default: false, Doc: "The value is shown only to who asks for it by name."},
		}},
		{Name: "module", Label: "name", Doc: "A folder of configuration used as a block: its variables are arguments, its outputs module.NAME.OUTPUT.", Open: true, Settings: []setting.Setting{
			{Name: "source", Kind: setting.String, Required: true, Doc: "The folder, beginning with ./ or ../."},
			{Name: "for_each", Kind: setting.Any, Doc: "A set of strings or a map: the module is used once for each."},
		}},
		{Name: "moved", Doc: "Says that a block has another address now; its table stays.", Settings: []setting.Setting{
			{Name: "from", Kind: setting.Any, Required: true, Doc: "The former address."},
			{Name: "to", Kind: setting.Any, Required: true, Doc: "The address of a block that is there."},
		}},
		{Name: "removed", Doc: "Says what becomes of the data of a block that is gone.", Settings: []setting.Setting{
			{Name: "from", Kind: setting.Any, Required: true, Doc: "The address of the block that is gone."},
			{Name: "data", Kind: setting.String, Default: "keep", Values: []string{"keep", "delete"}, Doc: "What becomes of the files."},
		}},
	}
}
