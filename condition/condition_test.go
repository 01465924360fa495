package condition

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestConditions(t *testing.T) {
	kinds := map[string]Kind{"n": Number, "f": Number, "s": Text, "b": Bool, "t": Time, "z": Number}
	compile := func(text string) (*Condition, error) {
		return Compile(text, func(c string) (Kind, error) {
			k, ok := kinds[c]
			if !ok {
				return 0, fmt.Errorf("there is no column %q", c)
			}
			return k, nil
		})
	}
	row := map[string]Value{"n": IntValue(9007199254740993), "f": FloatValue(2.5), "s": TextValue("hi ${x}"), "b": BoolValue(true),
		"t": TimeValue(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)), "z": NullValue()}
	for text, want := range map[string]string{
		"n == 9007199254740993": "true", "n == 9007199254740992": "false", "n - 1 == 9007199254740992": "true", "f * 2 == 5": "true",
		"1 + 2 * 3 == 7 && b": "true", "(1 + 2) * 3 == 7": "false", "!b || f < 3": "true", "-f < 0": "true", `s == "hi $${x}"`: "true",
		`t >= "2026-01-02" && t < "2026-01-02T00:00:01Z"`: "true", "z == null": "true", "z != null": "false", "z > 1": "null", "z > 1 && !b": "false",
		"z > 1 || b": "true", "7 / 2 == 3.5": "true", "7 % 4 == 3": "true", "1 / 0 == 1": "false", "true": "true", "null": "null",
		"9223372036854775807 + 1 > 0": "true",
	} {
		c, err := compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		values := make([]Value, len(c.Columns))
		for i, name := range c.Columns {
			values[i] = row[name]
		}
		got := "null"
		if v := c.eval(values); !v.null {
			got = fmt.Sprint(v.b)
		}
		if got != want {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
		if c.Fails(values) != (want == "false") {
			t.Errorf("%s fails: %v", text, c.Fails(values))
		}
	}
	for _, text := range []string{"", "n +", "n", "nope == 1", `n == "x"`, "s && b", "f(1)", "n ? 1 : 2", "(n == 1", `"open`, "n == 1 1", strings.Repeat("(", 500), strings.Repeat("1+", 20_000) + "1 > 0"} {
		if _, err := compile(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{`a == 1`, `!(a < b) && s != "x"`, `"\u00e9" == s`, `1e999 > 0`, `-9223372036854775808 / -1 == 1`, "a--b", `created_at != null && (amount * -1 > 3.5 || !done)`, `a ? b : c`, `"${a}" == "b"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Compile(text, func(string) (Kind, error) { return Number, nil })
		if err == nil {
			c.Fails(make([]Value, len(c.Columns)))
		}
	})
}
