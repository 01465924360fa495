package convert

import "strings"

// Options before the command's name. The key of an account may be among them.
var globalOptions = options{
	{long: "config", short: "c", value: true}, {long: "apikey", short: "k", value: true}, {long: "endpoint", short: "e", value: true},
	{long: "import-endpoint", value: true}, {long: "insecure"}, {long: "verbose", short: "v"}, {long: "retry-post-requests", short: "r"},
}

var (
	timeColumn = option{long: "time-column", value: true, into: func(a *Arguments) *string { return &a.TimeColumn }}
	autoCreate = option{long: "auto-create-table", flag: func(a *Arguments) *bool { return &a.AutoCreateTable }}
)

// form is one of the commands, with what its arguments mean.
type form struct {
	name       string
	options    options
	positional []func(*Arguments) *string // before the file
	usage      string
}

var forms = []form{
	{
		name: "connector:issue", usage: "connector:issue load.yml --database DATABASE --table TABLE",
		options: options{
			{long: "database", value: true, into: func(a *Arguments) *string { return &a.Database }},
			{long: "table", value: true, into: func(a *Arguments) *string { return &a.Table }},
			timeColumn, autoCreate, {long: "wait", short: "w"}, {long: "exclude", short: "x"},
		},
	},
	{
		name: "connector:create", usage: "connector:create NAME CRON DATABASE TABLE load.yml",
		options: options{
			timeColumn, autoCreate,
			{long: "timezone", short: "t", value: true, into: func(a *Arguments) *string { return &a.Timezone }},
			{long: "delay", short: "D", value: true, into: func(a *Arguments) *string { return &a.Delay }},
		},
		positional: []func(*Arguments) *string{
			func(a *Arguments) *string { return &a.Name }, func(a *Arguments) *string { return &a.Cron },
			func(a *Arguments) *string { return &a.Database }, func(a *Arguments) *string { return &a.Table },
		},
	},
}

// IsCommand reports whether words begin as Command takes them.
func IsCommand(words []string) bool {
	return len(words) > 0 && (words[0] == "td" || strings.HasPrefix(words[0], "connector:"))
}

// Command reads a td command line, split into words as a shell does: connector:issue or
// connector:create, with or without td before it. Long options take their value after =
// or as the next word, short ones also without a space, and a long one may be shortened.
// Options may stand anywhere. It returns the arguments and the path of the connector file.
// Its errors are *Error.
func Command(words []string) (args Arguments, file string, err error) {
	if len(words) > 0 && words[0] == "td" {
		words = words[1:]
	}
	for len(words) > 0 && isOption(words[0]) {
		if words, err = globalOptions.take(words, &args); err != nil {
			return Arguments{}, "", err
		}
	}
	if len(words) == 0 {
		return Arguments{}, "", fail(BadArgument, 0, "The td command ends before it says what to do. Write it whole: td %s.", forms[0].usage)
	}
	for _, f := range forms {
		if f.name == words[0] {
			return f.read(words[1:])
		}
	}
	return Arguments{}, "", fail(BadArgument, 0, "The td command %s does not say how a table is imported. Give the one that does: %s or %s.", quoted(words[0]), forms[0].name, forms[1].name)
}

// read reads what follows the command's name.
func (f form) read(words []string) (args Arguments, file string, err error) {
	var plain []string
	for len(words) > 0 {
		switch w := words[0]; {
		case w == "--":
			plain, words = append(plain, words[1:]...), nil
		case isOption(w):
			if words, err = f.options.take(words, &args); err != nil {
				return Arguments{}, "", err
			}
		default:
			plain, words = append(plain, w), words[1:]
		}
	}
	if len(plain) != len(f.positional)+1 {
		return Arguments{}, "", fail(BadArgument, 0, "%s takes %d arguments beside its options, and here are %d. Write it as td %s.", f.name, len(f.positional)+1, len(plain), f.usage)
	}
	for i, into := range f.positional {
		*into(&args) = plain[i]
	}
	return args, plain[len(f.positional)], nil
}
