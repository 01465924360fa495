package docs

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// section is what stands under one heading of a page.
type section struct {
	page, heading string
	configs       []string
	commands      string   // of all blocks, in order, as a script
	shown         []string // what the page says the commands print
	queries       []string
	files         map[string]string // other files, named in their first line
}

// account is the only reason for which a block is not run.
const account = "<!-- needs a real account -->"

func (s section) name() string {
	return strings.TrimSuffix(s.page, ".md") + "/" + strings.ReplaceAll(s.heading, " ", "-")
}

// sections reads a page.
func sections(t *testing.T, page string) []section {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	s := section{page: page}
	var out []section
	fence, body, indent, before := "", "", "", ""
	for line := range strings.SplitSeq(string(text), "\n") {
		flush := strings.TrimLeft(line, " ")
		opened, isFence := strings.CutPrefix(flush, "```")
		switch {
		case isFence && fence == "":
			fence, body, indent = opened, "", strings.TrimSuffix(line, flush)
			if before == account {
				fence = account
			}
		case isFence:
			s.take(fence, body)
			fence = ""
		case fence != "":
			body += strings.TrimPrefix(line, indent) + "\n"
		case strings.HasPrefix(line, "#"):
			out = append(out, s)
			s = section{page: page, heading: strings.TrimLeft(line, "# ")}
		}
		before = strings.TrimSpace(line)
	}
	return append(out, s)
}

func (s *section) take(fence, body string) {
	switch fence {
	case "hcl":
		s.configs = append(s.configs, body)
	case "sql":
		s.queries = append(s.queries, body)
	case "sh":
		s.commands += body
	case "console":
		for line := range strings.Lines(body) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				s.commands += command
			} else {
				s.shown = append(s.shown, line)
			}
		}
	case "yaml":
		if m := otherFile.FindStringSubmatch(body); m != nil {
			if s.files == nil {
				s.files = map[string]string{}
			}
			s.files[m[1]] = body
		}
	}
}

var otherFile = regexp.MustCompile(`^# (\S+\.yml)\n`)

var fileName = regexp.MustCompile(`^# (\S+\.hcl)\n`)

// folders are the section's configurations, each complete: what a block refers to and
// does not declare is taken from the standing blocks.
func (s section) folders() []map[string]string {
	named := map[string]string{}
	var out []map[string]string
	for _, text := range s.configs {
		if m := fileName.FindStringSubmatch(text); m != nil {
			named[m[1]] = text
			continue
		}
		out = append(out, map[string]string{"main.hcl": text})
	}
	if len(named) > 0 {
		out = append(out, named)
	}
	for _, files := range out {
		for name, text := range files {
			if !strings.Contains(name, "/") {
				files[name] = text + missing(text)
			}
		}
	}
	return out
}

// written are the section's configurations as they stand on the page.
func (s section) written() map[string]string {
	out := map[string]string{}
	for _, text := range s.configs {
		out[s.heading+": "+strings.SplitN(text, "\n", 2)[0]] = text
	}
	return out
}

// standing are blocks that the pages refer to without showing them each time. The
// connection is a simulated workspace.
var standing = []struct{ address, header, text string }{
	{"target.parquet.users", `target "parquet" "users"`, `
target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  time_column = "created_at"
  schedule    = schedule.nightly
}
`},
	{"source.intercom.users", `source "intercom" "users"`, `
source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}
`},
	{"schedule.nightly", `schedule "nightly"`, `
schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
}
`},
	{"connection.intercom.acme", `connection "intercom" "acme"`, `
connection "intercom" "acme" {
  sandbox {
    contacts      = 150
    conversations = 40
  }
}
`},
}

// complete is a configuration of the standing block at an address and what it needs.
func complete(address string) string {
	for _, b := range standing {
		if b.address == address {
			return b.text + missing(b.text)
		}
	}
	return ""
}

// missing are the standing blocks that a text refers to and does not declare.
func missing(text string) string {
	added := ""
	for _, b := range standing {
		declares := strings.Contains(text, b.header) || slices.Contains(strings.Split(text, "\n"), "  from = "+b.address)
		if all := text + added; strings.Contains(all, "= "+b.address) && !declares {
			added += b.text
		}
	}
	return added
}
