package convert

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Arguments are what the connector file does not hold: the arguments of connector:issue
// and connector:create, and how the HCL is to be named. The zero value is allowed.
type Arguments struct {
	Database, Table string // "": inlay's defaults
	TimeColumn      string // --time-column
	AutoCreateTable bool   // --auto-create-table

	Name     string // the connector's name in connector:create, which names the schedule
	Cron     string // "": no schedule
	Timezone string // of Cron; "": UTC
	Delay    string // whole seconds, as --delay takes them; "": none

	Connection   string // what the connection block is called; "": main
	NoConnection bool   // leave the connection block out: another file of the folder has it
}

var (
	tableName  = regexp.MustCompile(`^[A-Za-z0-9_]{1,128}$`)
	identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	seconds    = regexp.MustCompile(`^-?[0-9]{1,12}$`)
)

// check refuses names that neither side would accept.
func (a Arguments) check() error {
	for _, n := range []struct{ what, name string }{{"database", a.Database}, {"table", a.Table}} {
		switch {
		case n.name == "" || tableName.MatchString(n.name):
		case isTemplate(n.name):
			return fail(Template, 0, "The %s is %s, which is still to be filled in. Write the name it stands for.", n.what, quoted(n.name))
		default:
			return fail(BadArgument, 0, "The %s cannot be called %s: the name of a %s has letters, digits and _ only, at most 128 of them.", n.what, quoted(n.name), n.what)
		}
	}
	if a.Connection != "" && !identifier.MatchString(a.Connection) {
		return fail(BadArgument, 0, "A connection cannot be called %s: a name begins with a letter and has letters, digits, _ and - only.", quoted(a.Connection))
	}
	if a.Delay != "" && !seconds.MatchString(a.Delay) {
		return fail(BadArgument, 0, "The delay is %s, but it is given in whole seconds here, as Treasure Data takes it: 1800 for half an hour.", quoted(a.Delay))
	}
	return nil
}

func (a Arguments) delay() time.Duration {
	n, _ := strconv.ParseInt(a.Delay, 10, 64) // checked: at most twelve digits
	return time.Duration(min(max(n, -1e9), 1e9)) * time.Second
}

// nameOf makes a block's name of a text, or takes another.
func nameOf(text, otherwise string) string {
	var b strings.Builder
	for _, r := range text {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	name := b.String()
	switch {
	case strings.Trim(name, "_-") == "":
		return otherwise
	case !identifier.MatchString(name):
		return "t_" + strings.TrimLeft(name, "_-")
	}
	return name
}

// Over returns the arguments with those of others where it says nothing itself.
func (a Arguments) Over(others Arguments) Arguments {
	for _, p := range []struct{ mine, theirs *string }{
		{&a.Database, &others.Database}, {&a.Table, &others.Table}, {&a.TimeColumn, &others.TimeColumn}, {&a.Name, &others.Name},
		{&a.Cron, &others.Cron}, {&a.Timezone, &others.Timezone}, {&a.Delay, &others.Delay}, {&a.Connection, &others.Connection},
	} {
		if *p.mine == "" {
			*p.mine = *p.theirs
		}
	}
	a.AutoCreateTable = a.AutoCreateTable || others.AutoCreateTable
	a.NoConnection = a.NoConnection || others.NoConnection
	return a
}
