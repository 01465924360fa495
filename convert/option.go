package convert

import (
	"slices"
	"strings"
)

// option is an option of the td command.
type option struct {
	long, short string                   // without dashes; short may be ""
	value       bool                     // it takes one
	into        func(*Arguments) *string // where the value goes; nil: nowhere
	flag        func(*Arguments) *bool
}

type options []option

func isOption(word string) bool { return len(word) > 1 && word[0] == '-' }

// take reads the option that words begin with and returns the words behind it. Values are
// in no error: they may be keys.
func (o options) take(words []string, args *Arguments) ([]string, error) {
	found, value, given, err := o.find(words[0])
	if err != nil {
		return nil, err
	}
	rest := words[1:]
	switch {
	case !found.value && given:
		return nil, fail(BadArgument, 0, "The option --%s takes no value. Take the value away.", found.long)
	case !found.value:
		if found.flag != nil {
			*found.flag(args) = true
		}
		return rest, nil
	case !given && len(rest) == 0:
		return nil, fail(BadArgument, 0, "The option --%s needs a value, and the command ends after it.", found.long)
	case !given:
		value, rest = rest[0], rest[1:]
	}
	if found.into != nil {
		*found.into(args) = value
	}
	return rest, nil
}

// find splits a word into its option and the value written in the same word.
func (o options) find(word string) (found option, value string, given bool, err error) {
	if long, ok := strings.CutPrefix(word, "--"); ok {
		name, value, given := strings.Cut(long, "=")
		found, err := o.byLong(name)
		return found, value, given, err
	}
	name, value := word[1:2], word[2:]
	i := slices.IndexFunc(o, func(x option) bool { return x.short == name })
	if i < 0 {
		return option{}, "", false, fail(BadArgument, 0, "The td command has no option %s here.", quoted("-"+name))
	}
	return o[i], value, value != "", nil
}

// byLong finds an option by its name, or by a beginning that no other shares.
func (o options) byLong(name string) (option, error) {
	var like options
	for _, x := range o {
		switch {
		case x.long == name:
			return x, nil
		case strings.HasPrefix(x.long, name):
			like = append(like, x)
		}
	}
	if len(like) == 1 {
		return like[0], nil
	}
	return option{}, fail(BadArgument, 0, "The td command has no option %s here. What is understood: %s.", quoted("--"+name), strings.Join(o.names(), ", "))
}

func (o options) names() []string {
	var out []string
	for _, x := range o {
		out = append(out, "--"+x.long)
	}
	return out
}
