package convert_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/convert"
)

func TestFilesThatAreRefused(t *testing.T) {
	const users = "in: {type: intercom, access_token: x, target: users}\n"
	for _, c := range []struct {
		yml  string
		kind convert.Kind
		line int
		says string
	}{
		{"", convert.NotConnector, 0, "empty"},
		{"# nothing but a comment\n", convert.NotConnector, 0, "empty"},
		{"---\n---\n", convert.NotConnector, 0, "empty"},
		{"- a\n- b\n", convert.NotConnector, 1, "names with values"},
		{"just a text", convert.NotConnector, 1, "names with values"},
		{"out: {mode: append}\n", convert.NotConnector, 0, "no section `in:`"},
		{"in:\n", convert.NotConnector, 0, "no section `in:`"},
		{"in: intercom\n", convert.NotConnector, 1, "`in` must hold"},
		{"in:\n  target: users\n", convert.NotConnector, 2, "type: intercom"},
		{users + "---\n" + users, convert.NotConnector, 3, "second YAML document"},
		{"in:\n  type: intercom\n  target: users\n  target: tags\n", convert.NotConnector, 4, "`in.target` is given twice"},
		{"in: {? [a] : b, type: intercom}\n", convert.NotConnector, 1, "no plain word"},
		{"in: {<<: 7, type: intercom}\n", convert.NotConnector, 1, "merge key"},
		{"in: &a {<<: *a, type: intercom}\n", convert.NotConnector, 1, "brings in itself"},
		{"config: {in: {type: intercom}}\nout: {}\n", convert.NotConnector, 2, "`out`"},
		{"config: 1\n", convert.NotConnector, 1, "names with values"},
		{users + "filters: {type: add_time}\n", convert.NotConnector, 2, "list"},
		{users + "filters: [add_time]\n", convert.NotConnector, 2, "names with values"},
		{users + "out: append\n", convert.NotConnector, 2, "`out` must hold"},
		{"in:\n  type: s3\n", convert.OtherService, 2, `"s3"`},
		{"in: {type: intercom}\n", convert.BadValue, 1, "`in.target` is missing"},
		{"in: {type: intercom, target: companies}\n", convert.BadValue, 1, "users, conversations, segments, tags"},
		{"in: {type: intercom, target: [users]}\n", convert.BadValue, 1, "one value"},
		{"in: {type: intercom, target: users, incremental: maybe}\n", convert.BadValue, 1, "true or false"},
		{users + "out: {mode: truncate}\n", convert.BadValue, 2, "append, replace, replace_on_new_data"},
		{"in: {type: intercom, target: \"${target}\"}\n", convert.Template, 1, "`in.target`"},
		{"in: {type: intercom, target: {{ env.TARGET }}}\n", convert.BadValue, 1, "one value"},
		{"in:\n  {% include 'intercom' %}\n", convert.Template, 2, "{%"},
		{users + "out: {mode: \"{{ mode }}\"}\n", convert.Template, 2, "`out.mode`"},
		{users + "out: {table: \"{{ table }}\"}\n", convert.Template, 2, "`out.table`"},
		{users + "out: {table: \"my-table\"}\n", convert.BadArgument, 0, "letters, digits and _"},
		{users + "filters: [{type: add_time, to_column: {name: [time]}}]\n", convert.BadValue, 2, "`filters[0].to_column.name`"},
		{users + "filters: [{type: add_time, from_column: {name: \"${c}\"}}]\n", convert.Template, 2, "from_column.name"},
		{"in:\n\ttype: intercom\n", convert.NotYAML, 2, "cannot be read as YAML"},
		{"in: {type: intercom, access_token: *hidden}\n", convert.NotYAML, 1, "cannot be read as YAML."},
		{"in: \xff\xfe\n", convert.NotYAML, 0, "cannot be read as YAML"},
		{strings.Repeat("# a comment\n", 100_000), convert.NotYAML, 0, "bytes"},
	} {
		_, _, err := convert.File([]byte(c.yml), convert.Arguments{})
		mustRefuse(t, c.yml, err, c.kind, c.says)
		var e *convert.Error
		if errors.As(err, &e) && e.Line != c.line {
			t.Errorf("%q: line %d, not %d: %v", c.yml, e.Line, c.line, err)
		}
	}
}

func mustRefuse(t *testing.T, what string, err error, kind convert.Kind, says string) {
	t.Helper()
	if len(what) > 200 {
		what = what[:200]
	}
	var e *convert.Error
	if !errors.As(err, &e) {
		t.Errorf("%q: %v", what, err)
		return
	}
	summary, detail := e.Explain()
	if e.Kind != kind || !strings.Contains(detail, says) {
		t.Errorf("%q: %s, without %q: %v", what, e.Kind, says, err)
	}
	if summary == "" || !strings.HasSuffix(detail, ".") {
		t.Errorf("%q: the summary is %q, and no sentence is %q", what, summary, detail)
	}
	if strings.Contains(err.Error(), "hidden") {
		t.Errorf("%q is told of: %v", what, err)
	}
}

func TestArgumentsThatAreRefused(t *testing.T) {
	yml := []byte("in: {type: intercom, target: users}\n")
	for _, c := range []struct {
		args convert.Arguments
		kind convert.Kind
		says string
	}{
		{convert.Arguments{Database: "my db"}, convert.BadArgument, "database"},
		{convert.Arguments{Table: strings.Repeat("t", 129)}, convert.BadArgument, "128"},
		{convert.Arguments{Table: "${td.table}"}, convert.Template, "filled in"},
		{convert.Arguments{Delay: "30m"}, convert.BadArgument, "seconds"},
		{convert.Arguments{Delay: "1800.5"}, convert.BadArgument, "seconds"},
		{convert.Arguments{Connection: "a b"}, convert.BadArgument, "connection"},
	} {
		_, _, err := convert.File(yml, c.args)
		mustRefuse(t, c.says, err, c.kind, c.says)
	}
}
