package decode

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/stream"
)

func col(name string, t stream.Type) stream.Column { return stream.Column{Name: name, Type: t} }

func scalar(name string, k stream.Kind) stream.Column { return col(name, stream.Scalar(k)) }

func field(c stream.Column, from ...string) stream.Field {
	if len(from) == 0 {
		from = []string{c.Name}
	}
	return stream.Field{Column: c, From: from}
}

func hashed(name string, from ...string) stream.Field {
	return stream.Field{Column: scalar(name, stream.String), From: from, Hash: true}
}

func intoText(name string) stream.Field {
	return stream.Field{Column: scalar(name, stream.String), From: []string{name}, Text: true}
}

// kinds has one column of every scalar kind.
var kinds = stream.Shape{Fields: []stream.Field{
	field(scalar("s", stream.String)), field(scalar("i", stream.Int)), field(scalar("f", stream.Float)),
	field(scalar("b", stream.Bool)), field(scalar("t", stream.Timestamp)), field(scalar("j", stream.JSON)),
}}

var tag = stream.StructOf(scalar("id", stream.String), scalar("n", stream.Int))

// nested has lists and structs in each other, and lists inside wrappers.
var nested = stream.Shape{Fields: []stream.Field{
	field(scalar("id", stream.String)),
	field(col("tags", stream.ListOf(tag)), "tags", "data"),
	field(col("nums", stream.ListOf(stream.Scalar(stream.Int)))),
	field(col("grid", stream.ListOf(stream.ListOf(stream.Scalar(stream.String))))),
	field(col("loc", stream.StructOf(scalar("city", stream.String),
		col("geo", stream.StructOf(scalar("lat", stream.Float), col("tags", stream.ListOf(stream.Scalar(stream.String)))))))),
}}

// texts keeps objects and lists as text.
var texts = stream.Shape{
	Fields: []stream.Field{intoText("a"), intoText("b")},
	Omit:   [][]string{{"a", "secret"}},
}

// mixed has promotion, omission and hashing, on all kinds of containers.
var mixed = stream.Shape{
	Fields: []stream.Field{
		field(scalar("id", stream.String)),
		field(scalar("ca", stream.JSON)),
		field(scalar("plan", stream.String), "ca", "plan"),
		field(scalar("seats", stream.Int), "ca", "seats"),
		field(scalar("seats_text", stream.String), "ca", "seats"),
		hashed("ssn", "ca", "deep", "ssn"),
		field(col("loc", stream.StructOf(scalar("city", stream.String), scalar("zip", stream.String), scalar("street", stream.String)))),
		field(scalar("town", stream.String), "loc", "city"),
		hashed("zip", "loc", "zip"),
		hashed("email", "email"),
		field(scalar("kept", stream.Int), "gone", "kept"),
		field(col("items", stream.ListOf(stream.StructOf(scalar("a", stream.Int), scalar("x", stream.Int)))), "wrap", "items"),
	},
	Omit: [][]string{{"gone"}, {"loc", "street"}, {"loc", "extra"}, {"ca", "secret"}, {"wrap", "type"}, {"wrap", "items", "x"}, {"odd", "y"}},
}

var hashKey = []byte("0123456789abcdef")

func decoder(t failer, sh stream.Shape, o Options) *Decoder {
	t.Helper()
	if o.HashKey == nil {
		o.HashKey = hashKey
	}
	d, err := New(sh, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// decodeOne decodes one object, and returns its columns as text: null columns are left out.
func decodeOne(t failer, sh stream.Shape, text string) (string, *stream.Rows) {
	t.Helper()
	d := decoder(t, sh, Options{})
	if err := d.Object([]byte(text)); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	rows := d.Take()
	values := rowsOf(t, rows)
	var out []string
	for i, c := range rows.Columns {
		if v := values[0][i]; v != nil {
			out = append(out, fmt.Sprintf("%s=%s", c.Name, show(v)))
		}
	}
	return strings.Join(out, " "), rows
}

func TestRules(t *testing.T) {
	hash := func(s string) string { return hmacHex(s) }
	for _, c := range []struct {
		name    string
		sh      stream.Shape
		in      string
		want    string
		misfits int64
		unknown int64
	}{
		{"all kinds", kinds, `{"s":"a","i":-12,"f":1.5,"b":true,"t":1734537424,"j":{"z":1,"a":[2]}}`,
			`s=a i=-12 f=1.5 b=true t=1734537424000000 j={"z":1,"a":[2]}`, 0, 0},
		{"null is absent", kinds, `{"s":null,"i":null,"f":null,"b":null,"t":null,"j":null,"u":null}`, ``, 0, 0},
		{"empty", kinds, ` { } `, ``, 0, 0},
		{"white space", kinds, " {\t\"s\" :\r\n\"a\" , \"j\" : { \"z\" : [ 1 , 2 ] } , \"u\" : [ ] } ", `s=a j={"z":[1,2]} _rest={"u":[]}`, 0, 1},
		{"escapes", kinds, `{"\u0073":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud800x"}`, "s=\"\\/\b\f\n\r\té😀\ufffdx", 0, 0},
		{"string from number", kinds, `{"s":12345678901234567890}`, `s=12345678901234567890`, 0, 0},
		{"string from bool", kinds, `{"s":false}`, `s=false`, 0, 0},
		{"string from object", kinds, `{"s":{"a": 1}}`, `_rest={"s":{"a":1}}`, 1, 0},
		{"int exact beyond doubles", kinds, `{"i":9007199254740993}`, `i=9007199254740993`, 0, 0},
		{"int limits", kinds, `{"i":-9223372036854775808}`, `i=-9223372036854775808`, 0, 0},
		{"int too large", kinds, `{"i":9223372036854775808}`, `_rest={"i":9223372036854775808}`, 1, 0},
		{"int written long", kinds, `{"i":1.20e2}`, `i=120`, 0, 0},
		{"int with a fraction", kinds, `{"i":1.5}`, `_rest={"i":1.5}`, 1, 0},
		{"int far out", kinds, `{"i":1e999999999999}`, `_rest={"i":1e999999999999}`, 1, 0},
		{"int zero far out", kinds, `{"i":0e999999999999}`, `i=0`, 0, 0},
		{"int minus zero", kinds, `{"i":-0}`, `i=0`, 0, 0},
		{"int from text", kinds, `{"i":"123"}`, `i=123`, 0, 0},
		{"int from odd text", kinds, `{"i":"0123"}`, `_rest={"i":"0123"}`, 1, 0},
		{"int from signed text", kinds, `{"i":"+1"}`, `_rest={"i":"+1"}`, 1, 0},
		{"int from bool", kinds, `{"i":true}`, `_rest={"i":true}`, 1, 0},
		{"float whole", kinds, `{"f":3}`, `f=3`, 0, 0},
		{"float of 17 digits", kinds, `{"f":0.10000000000000001}`, `f=0.1`, 0, 0},
		{"float of a power of two", kinds, `{"f":1152921504606846976}`, `f=1.152921504606847e+18`, 0, 0},
		{"float that is no double", kinds, `{"f":9007199254740993}`, `_rest={"f":9007199254740993}`, 1, 0},
		{"float of 29 digits", kinds, `{"f":12345678901234567890.123456789}`, `_rest={"f":12345678901234567890.123456789}`, 1, 0},
		{"float too large", kinds, `{"f":1e400}`, `_rest={"f":1e400}`, 1, 0},
		{"float too small", kinds, `{"f":1e-400}`, `_rest={"f":1e-400}`, 1, 0},
		{"float least", kinds, `{"f":5e-324}`, `f=5e-324`, 0, 0},
		{"float from text", kinds, `{"f":"1.5"}`, `_rest={"f":"1.5"}`, 1, 0},
		{"bool from number", kinds, `{"b":1}`, `_rest={"b":1}`, 1, 0},
		{"instant before 1970", kinds, `{"t":-1}`, `t=-1000000`, 0, 0},
		{"instant in milliseconds", kinds, `{"t":1734537424123}`, `t=1734537424123000`, 0, 0},
		{"instant last second", kinds, `{"t":99999999999}`, `t=99999999999000000`, 0, 0},
		{"instant too large", kinds, `{"t":100000000000000}`, `_rest={"t":100000000000000}`, 1, 0},
		{"instant as text", kinds, `{"t":"2024-12-18T15:57:04.5Z"}`, `t=1734537424500000`, 0, 0},
		{"instant without zone", kinds, `{"t":"2024-12-18T15:57:04"}`, `_rest={"t":"2024-12-18T15:57:04"}`, 1, 0},
		{"instant from digits", kinds, `{"t":"1734537424"}`, `_rest={"t":"1734537424"}`, 1, 0},
		{"unknown", kinds, `{"new":{"a": [1, {}]},"s":"x","other":"\u0041"}`, `s=x _rest={"new":{"a":[1,{}]},"other":"\u0041"}`, 0, 2},
		{"surrogates in JSON", kinds, `{"j":{"\udc00":"\ud83d\ude00\n\ud800\u0041\uD83D"},"u":"\udfffx"}`, `j={"\ufffd":"\ud83d\ude00\n\ufffd\u0041\ufffd"} _rest={"u":"\ufffdx"}`, 0, 1},
		{"last wins", kinds, `{"s":"a","i":1,"s":"b","u":1,"i":{},"u":2}`, `s=b _rest={"i":{},"u":2}`, 1, 1},
		{"last wins over a misfit", kinds, `{"i":{},"i":1}`, `i=1`, 0, 0},
		{"last wins in other spelling", kinds, `{"i":1,"\u0069":2}`, `i=2`, 0, 0},

		{"wrapped list", nested, `{"id":"1","tags":{"type":"list","data":[{"id":"a","n":1},{"id":"b"}],"has_more":false}}`,
			`id=1 tags=[{id:a n:1} {id:b n:null}] _rest={"tags":{"type":"list","has_more":false}}`, 0, 2},
		{"wrapper without the list", nested, `{"tags":{}}`, ``, 0, 0},
		{"wrapper null", nested, `{"tags":null}`, ``, 0, 0},
		{"wrapper that is a list", nested, `{"tags":[1]}`, `_rest={"tags":[1]}`, 1, 0},
		{"list that is an object", nested, `{"tags":{"data":{"id":"a"}}}`, `_rest={"tags":{"data":{"id":"a"}}}`, 1, 0},
		{"empty list", nested, `{"tags":{"data":[]},"nums":[]}`, `tags=[] nums=[]`, 0, 0},
		{"list of nulls", nested, `{"tags":{"data":[null,{}]},"nums":[null,1]}`, `tags=[null {id:null n:null}] nums=[null 1]`, 0, 0},
		{"misfit element", nested, `{"nums":[1,"x",2,{"a":1},3]}`, `nums=[1 null 2 null 3] _rest={"nums":[null,"x",null,{"a":1}]}`, 2, 0},
		{"unknown inside an element", nested, `{"tags":{"data":[{"id":"a"},{"id":"b","url":"/b"},{"id":"c","n":"x","url":"/c"}]}}`,
			`tags=[{id:a n:null} {id:b n:null} {id:c n:null}] _rest={"tags":{"data":[null,{"url":"/b"},{"n":"x","url":"/c"}]}}`, 1, 2},
		{"list of lists", nested, `{"grid":[["a"],[],null,["b",null,"c"]]}`, `grid=[[a] [] null [b null c]]`, 0, 0},
		{"misfit in a list of lists", nested, `{"grid":[["a",{}],1,[[]]]}`, `grid=[[a null] null [null]] _rest={"grid":[[null,{}],1,[[]]]}`, 3, 0},
		{"struct", nested, `{"loc":{"city":"Oslo","geo":{"lat":59.9,"tags":["x"]},"continent":"EU"}}`,
			`loc={city:Oslo geo:{lat:59.9 tags:[x]}} _rest={"loc":{"continent":"EU"}}`, 0, 1},
		{"struct in part", nested, `{"loc":{"geo":{}}}`, `loc={city:null geo:{lat:null tags:null}}`, 0, 0},
		{"struct with null struct", nested, `{"loc":{"geo":null}}`, `loc={city:null geo:null}`, 0, 0},
		{"struct that is a list", nested, `{"loc":["Oslo"],"id":"1"}`, `id=1 _rest={"loc":["Oslo"]}`, 1, 0},
		{"last wins whole", nested, `{"loc":{"city":"a"},"loc":{"geo":{}},"tags":{"data":[{}]},"tags":{"x":1}}`,
			`loc={city:null geo:{lat:null tags:null}} _rest={"tags":{"x":1}}`, 0, 1},

		{"promoted stays", mixed, `{"ca":{"plan":"pro","seats":5}}`, `ca={"plan":"pro","seats":5} plan=pro seats=5 seats_text=5`, 0, 0},
		{"promoted misfit", mixed, `{"ca":{"seats":"many"}}`, `ca={"seats":"many"} seats_text=many`, 1, 0},
		{"promoted last wins", mixed, `{"ca":{"seats":1,"seats":2}}`, `ca={"seats":2} seats=2 seats_text=2`, 0, 0},
		{"objects and lists as text", texts, `{"a":{"x":1, "y":[]},"b":[ 1]}`, `a={"x":1,"y":[]} b=[1]`, 0, 0},
		{"scalars as text", texts, `{"a":"x","b":12}`, `a=x b=12`, 0, 0},
		{"omitted inside text", texts, `{"a":{"x":1,"secret":2}}`, `a={"x":1}`, 0, 0},
		{"omitted inside JSON", mixed, `{"ca":{"secret":{"a":1},"x":2}}`, `ca={"x":2}`, 0, 0},
		{"omitted inside JSON through arrays", mixed, `{"ca":[{"secret":1,"x":2},{"secret":1}]}`, `ca=[{"x":2},{}]`, 0, 0},
		{"omitted in other spelling", mixed, `{"ca":{"\u0073ecret":1,"x":2}}`, `ca={"x":2}`, 0, 0},
		{"hashed inside JSON", mixed, `{"ca":{"deep":{"ssn":"12-3","y":1}}}`, `ca={"deep":{"y":1}} ssn=` + hash("12-3"), 0, 0},
		{"struct promoted, hashed, omitted", mixed, `{"loc":{"city":"Oslo","zip":"0150","street":"A","extra":1,"more":2}}`,
			`loc={city:Oslo zip:null street:null} town=Oslo zip=` + hash("0150") + ` _rest={"loc":{"more":2}}`, 0, 1},
		{"struct misfit is filtered", mixed, `{"loc":[{"street":"A","zip":"0150","city":"Oslo"}]}`, `_rest={"loc":[{"city":"Oslo"}]}`, 1, 0},
		{"hash of text", mixed, `{"email":"j\u006fe@x"}`, `email=` + hash("joe@x"), 0, 0},
		{"hash of anything", mixed, `{"email":[1, {"a": 2}]}`, `email=` + hash(`[1,{"a":2}]`), 0, 0},
		{"hash of null", mixed, `{"email":null}`, ``, 0, 0},
		{"promoted from what is left out", mixed, `{"gone":{"kept":7,"x":1}}`, `kept=7`, 0, 0},
		{"misfit of what is left out", mixed, `{"gone":{"kept":"a","x":1}}`, ``, 1, 0},
		{"left out is not an object", mixed, `{"gone":[1]}`, ``, 0, 0},
		{"omitted in a list", mixed, `{"wrap":{"type":"t","items":[{"a":1,"x":2},{"a":"z","x":3,"y":4}],"more":1}}`,
			`items=[{a:1 x:null} {a:null x:null}] _rest={"wrap":{"items":[null,{"a":"z","y":4}],"more":1}}`, 1, 2},
		{"all of it omitted", mixed, `{"odd":{ "y" : 2 },"x":{}}`, `_rest={"x":{}}`, 0, 1},
		{"omitted in what nothing declares", mixed, `{"odd":{"x":1,"y":2,"z":{"y":3}}}`, `_rest={"odd":{"x":1,"z":{"y":3}}}`, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, rows := decodeOne(t, c.sh, c.in)
			if got != c.want {
				t.Errorf("\n in   %s\n got  %s\n want %s", c.in, got, c.want)
			}
			if rows.Misfits != c.misfits || rows.Unknown != c.unknown {
				t.Errorf("%s: misfits %d, unknown %d; want %d, %d", c.in, rows.Misfits, rows.Unknown, c.misfits, c.unknown)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	deep := strings.Repeat("[", 101) + strings.Repeat("]", 101)
	for _, c := range []struct {
		in   string
		kind Kind
	}{
		{``, NotJSON}, {`{`, NotJSON}, {`{"s"`, NotJSON}, {`{"s":`, NotJSON}, {`{"s":"a`, NotJSON}, {`{"s":"a"`, NotJSON},
		{`{"s":"a"}x`, NotJSON}, {`{"s":"a",}`, NotJSON}, {`{,}`, NotJSON}, {`{"s" "a"}`, NotJSON}, {`{s:1}`, NotJSON},
		{`{"s":nul}`, NotJSON}, {`{"s":nulL}`, NotJSON}, {`{"b":tru}`, NotJSON}, {`{"b":falsy}`, NotJSON}, {`{"b":truex}`, NotJSON},
		{"{\"s\":\"a\nb\"}", NotJSON}, {`{"s":"\x"}`, NotJSON}, {`{"s":"\u12g4"}`, NotJSON}, {`{"s":"\`, NotJSON}, {`{"s":"\u12`, NotJSON},
		{`{"i":01}`, NotJSON}, {`{"i":+1}`, NotJSON}, {`{"i":-}`, NotJSON}, {`{"i":1.}`, NotJSON}, {`{"f":.5}`, NotJSON}, {`{"f":1e}`, NotJSON},
		{`{"f":1e+}`, NotJSON}, {`{"f":NaN}`, NotJSON}, {`{"f":Infinity}`, NotJSON}, {`{"u":01}`, NotJSON}, {`{"u":[1,]}`, NotJSON}, {`{"u":[1 2]}`, NotJSON},
		{`{"j":{"a":}}`, NotJSON}, {`{"t":1734537424-}`, NotJSON}, {"{\"s\":\"a\"\v}", NotJSON}, {"\ufeff{}", NotJSON},
		{`[]`, NotObject}, {`1`, NotObject}, {`null`, NotObject}, {`[1,`, NotJSON},
		{`{"j":` + deep + `}`, TooDeep}, {`{"u":` + deep + `}`, TooDeep}, {`{"s":` + deep + `}`, TooDeep},
		{`{"s":"` + strings.Repeat("x", 2000) + `"}`, TooLarge}, {`{"u":"` + strings.Repeat("x", 2000) + `"}`, TooLarge},
		{`{"j":["` + strings.Repeat("x", 2000) + `"]}`, TooLarge}, {`{"i":"` + strings.Repeat("x", 2000) + `"}`, TooLarge},
	} {
		d := decoder(t, kinds, Options{MaxValue: 1000})
		if err := d.Object([]byte(`{"s":"first","u":1}`)); err != nil {
			t.Fatal(err)
		}
		err := d.Object([]byte(c.in))
		var e *Error
		if !errors.As(err, &e) || e.Kind != c.kind {
			t.Errorf("%.60s: %v, want kind %s", c.in, err, c.kind)
		}
		if err := d.Object([]byte(`{"s":"second"}`)); err != nil {
			t.Fatal(err)
		}
		rows := d.Take()
		got := show(rowsOf(t, rows)[1][0])
		if rows.N != 2 || rows.Unknown != 1 || rows.Misfits != 0 || got != "second" {
			t.Errorf("%.60s: left %d rows, %d unknown, %d misfits, then %q", c.in, rows.N, rows.Unknown, rows.Misfits, got)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, sh := range map[string]stream.Shape{
		"no type":        {Fields: []stream.Field{field(scalar("a", "money"))}},
		"list of what":   {Fields: []stream.Field{field(col("a", stream.Type{Kind: stream.List}))}},
		"from nowhere":   {Fields: []stream.Field{{Column: scalar("a", stream.Int)}}},
		"hash of int":    {Fields: []stream.Field{{Column: scalar("a", stream.Int), From: []string{"a"}, Hash: true}}},
		"hash and shown": {Fields: []stream.Field{hashed("a", "x"), field(scalar("b", stream.String), "x")}},
	} {
		var e *stream.ShapeError
		if _, err := New(sh, Options{HashKey: hashKey}); !errors.As(err, &e) {
			t.Errorf("%s: %v, want a ShapeError", name, err)
		}
	}
	if _, err := New(stream.Shape{Fields: []stream.Field{hashed("a", "x")}}, Options{}); err == nil {
		t.Error("a hash without a key was accepted")
	}
}
