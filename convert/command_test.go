package convert_test

import (
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/convert"
)

func TestCommands(t *testing.T) {
	for _, c := range []struct {
		words string // separated by |
		want  convert.Arguments
		file  string
	}{
		{"td|connector:issue|load.yml|--database|d|--table|t|--time-column|created_at|--auto-create-table",
			convert.Arguments{Database: "d", Table: "t", TimeColumn: "created_at", AutoCreateTable: true}, "load.yml"},
		{"connector:issue|--table=t|-w|--database=d|-x|load.yml", convert.Arguments{Database: "d", Table: "t"}, "load.yml"},
		{"connector:issue|--data|d|--time=c|--tab|t|-", convert.Arguments{Database: "d", Table: "t", TimeColumn: "c"}, "-"},
		{"connector:issue|load.yml", convert.Arguments{}, "load.yml"},
		{"connector:issue|--table|t|--|--odd.yml", convert.Arguments{Table: "t"}, "--odd.yml"},
		{"td|-k|1/key|--endpoint=https://api.example.com|-ctd.conf|-v|connector:create|n|0 1 * * *|d|t|load.yml|--timezone|Asia/Tokyo|--delay|1800",
			convert.Arguments{Database: "d", Table: "t", Name: "n", Cron: "0 1 * * *", Timezone: "Asia/Tokyo", Delay: "1800"}, "load.yml"},
		{"connector:create|-D60|n|@daily|-tUTC|d|t|load.yml|-D|-5",
			convert.Arguments{Database: "d", Table: "t", Name: "n", Cron: "@daily", Timezone: "UTC", Delay: "-5"}, "load.yml"},
	} {
		words := strings.Split(c.words, "|")
		if !convert.IsCommand(words) {
			t.Errorf("%s is not seen to be a command", c.words)
		}
		args, file, err := convert.Command(words)
		if err != nil || args != c.want || file != c.file {
			t.Errorf("%s: %+v, %q, %v", c.words, args, file, err)
		}
	}
	for _, words := range [][]string{nil, {"load.yml"}, {"-"}, {"connector"}} {
		if convert.IsCommand(words) {
			t.Errorf("%q is taken for a command", words)
		}
	}
}

func TestCommandsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ words, says string }{
		{"td", "ends before"},
		{"td|-k|hidden", "ends before"},
		{"td|-k", "needs a value"},
		{"td|connector:list", `"connector:list"`},
		{"td|table:list|db", `"table:list"`},
		{"td|--apikeys=hidden|connector:issue|load.yml", `"--apikeys"`},
		{"td|--verbose=hidden|connector:issue|load.yml", "takes no value"},
		{"connector:issue", "takes 1 arguments"},
		{"connector:issue|a.yml|b.yml", "here are 2"},
		{"connector:issue|load.yml|--delay|1800", `"--delay"`},
		{"connector:issue|load.yml|--table", "needs a value"},
		{"connector:issue|load.yml|-zhidden", `"-z"`},
		{"connector:issue|load.yml|--t|x", "--time-column"},
		{"connector:create|n|@daily|d|load.yml", "takes 5 arguments"},
	} {
		_, _, err := convert.Command(strings.Split(c.words, "|"))
		mustRefuse(t, c.words, err, convert.BadArgument, c.says)
	}
}

func TestFlagsGoOverACommand(t *testing.T) {
	command := convert.Arguments{Database: "d", Table: "t", TimeColumn: "c", AutoCreateTable: true, Name: "n", Cron: "@daily", Timezone: "UTC", Delay: "60"}
	flags := convert.Arguments{Table: "other", Delay: "90", Connection: "eu", NoConnection: true}
	want := convert.Arguments{Database: "d", Table: "other", TimeColumn: "c", AutoCreateTable: true, Name: "n", Cron: "@daily", Timezone: "UTC", Delay: "90", Connection: "eu", NoConnection: true}
	if got := flags.Over(command); got != want {
		t.Errorf("%+v", got)
	}
}
