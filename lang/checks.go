package lang

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/condition"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
)

var tableName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// check looks at one decoded value: the allowed values, and the well-known form, if any.
func check(st *setting.Setting, v any, at hcl.Range) *hcl.Diagnostic {
	switch v := v.(type) {
	case string:
		return checkString(st, v, at)
	case []any:
		if st.Kind != setting.Strings {
			return nil
		}
		for _, el := range v {
			if s, ok := el.(string); ok {
				if d := checkString(st, s, at); d != nil {
					return d
				}
			}
		}
	}
	return nil
}

func checkString(st *setting.Setting, v string, at hcl.Range) *hcl.Diagnostic {
	if len(st.Values) > 0 && !slices.Contains(st.Values, v) {
		return problem(sumEnum, at, "%s cannot be %q.%s", st.Name, v, hintOneOf(v, st.Values))
	}
	if err := checkForm(st, v); err != nil {
		return problem(sumForm, at, "%s: %v", st.Name, err)
	}
	return nil
}

// hintOneOf says what a value may be. What was meant is only guessed at when the word is
// long enough for a guess: "uk" is as near to "us" as to "eu".
func hintOneOf(given string, allowed []string) string {
	near := addr.Nearest(given, allowed)
	switch {
	case near == "" || len(given) < 4:
		return " It is one of " + quotedList(allowed, "and") + "."
	case len(allowed) > 8:
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return fmt.Sprintf(" Did you mean %q? It is one of %s.", near, quotedList(allowed, "and"))
}

func checkForm(st *setting.Setting, v string) error {
	switch st.Kind {
	case setting.Duration:
		_, err := setting.ParseDuration(v)
		return sentence(err)
	case setting.Size:
		_, err := setting.ParseSize(v)
		return sentence(err)
	}
	switch st.Check {
	case setting.CheckZone:
		return schedule.CheckZone(v)
	case setting.CheckName:
		return checkName(v)
	case setting.CheckURL:
		return checkURL(v)
	case setting.CheckSince:
		return checkSince(v)
	case setting.CheckExpr:
		_, err := condition.Compile(v, anyKind)
		return sentence(err)
	}
	return nil // a cron expression is checked with its zone, when the schedule is put together
}

func sentence(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w.", err)
}

func checkName(v string) error {
	switch {
	case v == "":
		return errors.New("it is empty; write letters, digits and _.")
	case !tableName.MatchString(v):
		return fmt.Errorf("%q has characters that a folder of the warehouse cannot have; write letters, digits and _ only.", v)
	case len(v) > 128:
		return errors.New("it is longer than 128 characters.")
	}
	return nil
}

func checkURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("an absolute URL is needed here, such as \"https://api.example.com\".")
	}
	return nil
}

func checkSince(v string) error {
	if _, err := time.Parse(time.RFC3339, v); err == nil {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, v); err == nil {
		return nil
	}
	if d, err := setting.ParseDuration(v); err == nil && d > 0 {
		return nil
	}
	hint := ""
	if strings.ContainsAny(v, "/") {
		hint = " The year comes first, then month and day."
	}
	return fmt.Errorf("%q is neither a date such as \"2026-01-31\", nor a time such as \"2026-01-31T00:00:00Z\", nor an age such as \"90d\".%s", v, hint)
}
