package cli

import (
	"strings"
	"time"

	"github.com/inlay-sync/inlay/report"
)

// instant is a time as a cell: UTC for people, RFC 3339 for machines.
func instant(t time.Time) report.Cell {
	if t.IsZero() {
		return report.Cell{}
	}
	return report.Cell{Text: t.UTC().Format("2006-01-02 15:04:05 UTC"), Value: t.UTC().Format(time.RFC3339)}
}

// quoted writes an argument so that a shell takes it as one.
func quoted(arg string) string {
	if !strings.ContainsAny(arg, " \"'$`\\[]*?!&;|<>(){}#~\t\n") {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

func size(n int64) report.Cell { return report.Cell{Text: report.Bytes(n), Value: n} }

func flag(b bool) report.Cell {
	text := ""
	if b {
		text = "yes"
	}
	return report.Cell{Text: text, Value: b}
}
