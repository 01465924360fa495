package decode

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/stream"
	"pgregory.net/rapid"
)

// compare decodes text both ways, and fails unless they agree.
func compare(t failer, sh stream.Shape, text []byte) {
	t.Helper()
	d := decoder(t, sh, Options{})
	err := d.Object(text)
	var e *Error
	if errors.As(err, &e) && e.Kind == TooDeep {
		if nesting(text) <= 100 {
			t.Fatalf("%q: %v", text, err)
		}
		return
	}
	parsed, refErr := parse(text)
	object, isObject := parsed.(map[string]any)
	if valid := json.Valid(text) && refErr == nil && isObject; valid != (err == nil) {
		t.Fatalf("%q: decode says %v, encoding/json says valid object: %v", text, err, valid)
	}
	rows := d.Take()
	if err != nil {
		if rows.N != 0 || rows.Misfits != 0 || rows.Unknown != 0 {
			t.Fatalf("%q: after %v there are %d rows, %d misfits, %d unknown", text, err, rows.N, rows.Misfits, rows.Unknown)
		}
		return
	}
	ref, rest := refer(sh, object)
	if rows.Misfits != ref.misfits || rows.Unknown != ref.unknown {
		t.Fatalf("%q: misfits %d, unknown %d; want %d, %d", text, rows.Misfits, rows.Unknown, ref.misfits, ref.unknown)
	}
	values := rowsOf(t, rows)[0]
	for i, c := range rows.Columns {
		got, want := values[i], ref.cols[c.Name]
		if c.Name == stream.Rest {
			want = nil
			if rest != nil {
				want = rest
			}
		}
		if err := same(c.Type, got, want); err != nil {
			t.Fatalf("%q: column %s: %v", text, c.Name, err)
		}
	}
}

func same(typ stream.Type, got, want any) error {
	if _, nested := want.(hashOfNested); nested {
		if s, ok := got.(string); !ok || len(s) != 64 {
			return fmt.Errorf("got %v, want a hash", got)
		}
		return nil
	}
	if typ.Kind == stream.JSON {
		if s, ok := got.(string); ok {
			if strings.ContainsAny(compacted(s), " \t\r\n") {
				return fmt.Errorf("%q has white space", s)
			}
			v, err := parse([]byte(s))
			if err != nil || !json.Valid([]byte(s)) {
				return fmt.Errorf("%q is not JSON: %v", s, err)
			}
			got = v
		}
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("got %#v, want %#v", got, want)
	}
	return nil
}

// compacted is JSON text without its strings.
func compacted(s string) string {
	var out strings.Builder
	in := false
	for i := 0; i < len(s); i++ {
		switch {
		case in && s[i] == '\\':
			i++
		case s[i] == '"':
			in = !in
		case !in:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}

func nesting(text []byte) int {
	depth, most := 0, 0
	for _, c := range compacted(string(text)) {
		switch c {
		case '{', '[':
			depth++
			most = max(most, depth)
		case '}', ']':
			depth--
		}
	}
	return most
}

var shapes = []stream.Shape{kinds, nested, mixed}

var seeds = []string{
	`{"s":"a","i":-12,"f":1.5,"b":true,"t":1734537424,"j":{"z":1,"a":[2]}}`,
	`{"s":null,"\u0073":"\ud83d\ude00\ud800x","u":1,"u":2,"v":[{"a":1,"a":2}]}`,
	`{"tags":{"type":"list","data":[{"id":"a","n":1},null,{"id":1,"url":"/b"}]},"nums":[1,"x",{}],"grid":[[],["a"],null,[{}]],"loc":{"geo":{"lat":1,"tags":[1,true,"x",[]]},"x":1}}`,
	`{"ca":{"plan":"pro","seats":"x","secret":1,"deep":{"ssn":"1","y":[{"ssn":2}]}},"loc":{"city":"a","zip":"b","street":"c","extra":1,"m":2},"email":[1],"gone":{"kept":1,"x":2},"wrap":{"type":1,"items":[{"a":1,"x":2,"q":3}],"more":1},"odd":{"x":1,"y":2}}`,
	`{"f":0.1,"f":12345678901234567890.123456789,"i":1.20e2,"t":"2024-02-29T23:59:59.9999999+09:30","i":"5"}`,
	` { "s" : [ 1 , { } ] , "j" : [ 1 , " a " ] } `,
	"{\"s\":\"\xff\xc0\",\"\xff\":\"\xed\xa0\x80\",\"j\":\"\xfe\"}",
	`{"f":9007199254740993,"i":9007199254740993,"t":-99999999999,"b":0}`,
	`[1]`, `{"a":01}`, `{"a":tru}`, `{"s":"\u00zz"}`, `{"s":1}}`, ``,
}

func FuzzObject(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, sh := range shapes {
			compare(t, sh, text)
		}
	})
}

// TestSameAsEncodingJSON compares both ways on objects that are made of the names that
// the shapes know, spelled, spaced, repeated and broken at random.
func TestSameAsEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := genObject(t, 4)
		if rapid.IntRange(0, 9).Draw(t, "broken") == 0 {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			text = text[:at] + rapid.SampledFrom([]string{"", "x", ",", "\"", "\xff", "\\", "}", "0"}).Draw(t, "put") + text[at+1:]
		}
		for _, sh := range shapes {
			compare(t, sh, []byte(text))
		}
	})
}

var names = []string{"s", "i", "f", "b", "t", "j", "id", "tags", "data", "nums", "grid", "loc", "geo", "lat", "city", "n", "ca", "plan", "seats",
	"deep", "ssn", "secret", "zip", "street", "extra", "email", "gone", "kept", "wrap", "items", "type", "a", "x", "y", "odd", "new", "", "é", "a b", `q\"`}

func genObject(t *rapid.T, depth int) string {
	var b strings.Builder
	b.WriteString("{" + genSpace(t))
	for i := range rapid.IntRange(0, 7).Draw(t, "members") {
		if i > 0 {
			b.WriteString("," + genSpace(t))
		}
		name := rapid.SampledFrom(names).Draw(t, "name")
		if name != "" && name[0] < 0x7f && rapid.IntRange(0, 20).Draw(t, "spelled") == 0 {
			name = fmt.Sprintf(`\u%04x%s`, name[0], name[1:])
		}
		b.WriteString(`"` + name + `"` + genSpace(t) + ":" + genSpace(t) + genValue(t, depth-1) + genSpace(t))
	}
	return b.String() + "}"
}

func genSpace(t *rapid.T) string {
	if rapid.IntRange(0, 15).Draw(t, "space") > 0 {
		return ""
	}
	return rapid.SampledFrom([]string{" ", "\n", "\t\r "}).Draw(t, "spaces")
}

var scalars = []string{`null`, `true`, `false`, `0`, `-0`, `1`, `-12`, `1.0`, `1.5`, `1e3`, `12e-1`, `1734537424`, `1734537424123`, `1e14`, `-1e11`,
	`9007199254740993`, `9223372036854775807`, `9223372036854775808`, `123456789012345678`, `1234567890123456789`, `0.1`, `0.30000000000000004`, `1e-320`, `1.23456789012345e-320`, `1e400`,
	`12345678901234567890.123456789`, `""`, `"a"`, `"12"`, `"-12"`, `"012"`, `"long enough to need two words of eight"`, `"\n\"\\"`, `"\ud800"`,
	`"\ud83d\ude00"`, `"é"`, `"2024-02-29T12:00:00Z"`, `"2023-02-29T12:00:00Z"`, `"2024-01-01 00:00-0530"`, `{}`, `[]`}

func genValue(t *rapid.T, depth int) string {
	switch k := rapid.IntRange(0, 9).Draw(t, "kind"); {
	case depth > 0 && k < 3:
		return genObject(t, depth)
	case depth > 0 && k < 5:
		var items []string
		for range rapid.IntRange(0, 4).Draw(t, "items") {
			items = append(items, genValue(t, depth-1))
		}
		return "[" + strings.Join(items, ","+genSpace(t)) + "]"
	}
	return rapid.SampledFrom(scalars).Draw(t, "scalar")
}

// FuzzPage compares the envelope, and what each element becomes, with encoding/json.
func FuzzPage(f *testing.F) {
	for _, s := range []string{`{"type":"list","data":[{"s":"a"},{"s":1,"u":[2]}],"pages":{"next":null},"total_count":2}`, `{"data":[],"data":1}`,
		`{"a":{"data":[]}}`, `{"d\u0061ta":[ {} , {"i":"x"} ] , "x" : [ 1 ] }`, `{"data":[1]}`, "{\"data\":[{\"s\":\"\xff\"}]}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d := decoder(t, kinds, Options{})
		var texts []string
		page, err := d.Page(body, "data", func(e Element) bool {
			texts = append(texts, string(e.Text))
			return true
		})
		parsed, refErr := parse(body)
		var e *Error
		if errors.As(err, &e) && (e.Kind == TooDeep || e.Kind == NoList) {
			return
		}
		envelope, _ := parsed.(map[string]any)
		list, isList := envelope["data"].([]any)
		fine := json.Valid(body) && refErr == nil && isList
		for _, e := range list {
			_, isObject := e.(map[string]any)
			fine = fine && isObject
		}
		if fine != (err == nil) {
			t.Fatalf("%q: decode says %v, encoding/json says a page of objects: %v", body, err, fine)
		}
		if err != nil {
			return
		}
		if page.Elements != len(list) || len(texts) != len(list) || len(page.Rest) != len(envelope)-1 {
			t.Fatalf("%q: %d elements, %d kept, %d members beside; want %d and %d", body, page.Elements, len(texts), len(page.Rest), len(list), len(envelope)-1)
		}
		for name, raw := range page.Rest {
			if v, err := parse(raw); err != nil || !reflect.DeepEqual(v, envelope[name]) {
				t.Fatalf("%q: %s is %s", body, name, raw)
			}
		}
		for i, text := range texts {
			if v, err := parse([]byte(text)); err != nil || !reflect.DeepEqual(v, list[i]) {
				t.Fatalf("%q: element %d is %s", body, i, text)
			}
		}
		rowsOf(t, d.Take())
		if _, elements, err := Envelope(body, "data"); err != nil || len(elements) != len(list) {
			t.Fatalf("%q: Envelope gives %d elements, %v", body, len(elements), err)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range append([]string{"2.2250738585072011e-308", "1.7976931348623157e308", "0.000001", "100e-2"}, scalars...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := parseNumber(text)
		if !ok || len(text) > 400 {
			return
		}
		gotInt, okInt := exactInt(n)
		if want, ok := referInt(n); ok != okInt || ok && want != gotInt {
			t.Fatalf("%s as an int: %d %v, want %d %v", n, gotInt, okInt, want, ok)
		}
		gotFloat, okFloat := exactFloat(n)
		if want, ok := referFloat(n); ok != okFloat || ok && want != gotFloat {
			t.Fatalf("%s as a float: %v %v, want %v %v", n, gotFloat, okFloat, want, ok)
		}
	})
}

func parseNumber(text string) (string, bool) {
	v, err := parse([]byte(text))
	n, ok := v.(json.Number)
	return n.String(), err == nil && ok && n.String() == text
}

func FuzzInstant(f *testing.F) {
	for _, s := range []string{"2024-12-18T15:57:04.5Z", "0000-01-01T00:00Z", "9999-12-31 23:59:59,9999999+23:59", "1969-12-31T23:59:59.9999995Z",
		"2024-02-30T00:00:00Z", "2024-12-18T24:00:00Z", "2024-12-18T23:59:60Z", "2024-12-18T15:57:04.Z", "2024-12-18T15:57:04+9", "2024-12-18T15:57:04+0900", "2024-12-18T15:57:04-09", "2024-12-18T15:57:04z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := isoInstant(text)
		if want, wantOK := referISO(text); ok != wantOK || ok && got != want {
			t.Fatalf("%q: %d %v, want %v %v", text, got, ok, want, wantOK)
		}
	})
}
