package project

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// log writes one line about a retry, a wait or a surprise to standard error when
// INLAY_LOG asks for it: "debug" for people, "json" for machines.
func (w World) log(level, message string, attrs ...any) {
	form, _ := w.Env("INLAY_LOG")
	if form == "" {
		return
	}
	var line strings.Builder
	if form == "json" {
		m := map[string]any{"at": w.Now().UTC().Format(time.RFC3339Nano), "level": level, "message": message}
		for i := 0; i+1 < len(attrs); i += 2 {
			m[fmt.Sprint(attrs[i])] = attrText(attrs[i+1])
		}
		data, err := json.Marshal(m)
		if err != nil {
			return // strings always encode
		}
		line.Write(data)
	} else {
		fmt.Fprintf(&line, "%s %-5s %s", w.Now().UTC().Format("15:04:05.000"), level, message)
		for i := 0; i+1 < len(attrs); i += 2 {
			fmt.Fprintf(&line, " %v=%v", attrs[i], attrText(attrs[i+1]))
		}
	}
	_, _ = fmt.Fprintln(w.Stderr, line.String()) // a log that cannot be written stops nothing
}

// attrText writes a value on one line; what could drive a terminal is quoted.
func attrText(v any) string {
	text := fmt.Sprint(v)
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}
