package condition

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one word of a condition.
type token struct {
	kind byte // 'i' name, 's' text, 'n' number, 'o' operator, 0 the end
	text string
	at   int
}

// wrong says what is wrong with a condition, and where.
func wrong(text string, at int, what string) error {
	return fmt.Errorf("the condition %q is wrong at character %d: %s", text, utf8.RuneCountInString(text[:min(at, len(text))])+1, what)
}

func lex(text string) ([]token, error) {
	var out []token
	for i := 0; i < len(text); {
		r, width := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r):
			i += width
		case r == '_' || unicode.IsLetter(r):
			j := i
			for j < len(text) {
				c, w := utf8.DecodeRuneInString(text[j:])
				if c != '_' && c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
					break
				}
				j += w
			}
			out = append(out, token{'i', text[i:j], i})
			i = j
		case r >= '0' && r <= '9':
			j := i
			for j < len(text) && (strings.IndexByte("0123456789.eE", text[j]) >= 0 || (text[j] == '-' || text[j] == '+') && (text[j-1] == 'e' || text[j-1] == 'E')) {
				j++
			}
			out = append(out, token{'n', text[i:j], i})
			i = j
		case r == '"':
			s, j, err := lexText(text, i)
			if err != nil {
				return nil, err
			}
			out = append(out, token{'s', s, i})
			i = j
		default:
			op := operatorAt(text[i:])
			if op == "" && r == '\'' {
				return nil, wrong(text, i, "a text in it stands between double quotes, written \\\" where the whole is quoted")
			}
			if op == "" {
				return nil, wrong(text, i, fmt.Sprintf("%q is not part of one", string(r)))
			}
			out = append(out, token{'o', op, i})
			i += len(op)
		}
	}
	return append(out, token{at: len(text)}), nil
}

func operatorAt(text string) string {
	for _, op := range []string{"&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "(", ")"} {
		if strings.HasPrefix(text, op) {
			return op
		}
	}
	return ""
}

// lexText reads a quoted text; doubled $ and % before { are HCL's way to write one.
func lexText(text string, from int) (string, int, error) {
	for i := from + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			s, err := strconv.Unquote(text[from : i+1])
			if err != nil {
				return "", 0, wrong(text, from, "the text is not well written")
			}
			return strings.NewReplacer("$${", "${", "%%{", "%{").Replace(s), i + 1, nil
		}
	}
	return "", 0, wrong(text, from, "the text does not end")
}
