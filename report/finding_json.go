package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"unicode"
)

// findingsJSON is the document that validate -format=json prints.
type findingsJSON struct {
	Format      int       `json:"format"`
	Valid       bool      `json:"valid"` // no diagnostic is an error
	Diagnostics []Finding `json:"diagnostics"`
}

// FindingsJSON writes findings as one document: {"format":1,"valid":…,"diagnostics":[…]}.
func FindingsJSON(w io.Writer, findings []Finding) error {
	if findings == nil {
		findings = []Finding{}
	}
	return indented(w, findingsJSON{1, Worst(findings) != Error, findings})
}

// indented writes a value as JSON for people and machines: two spaces, no HTML escapes.
func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// FindingsGitHub writes findings as workflow commands, which GitHub shows beside the
// lines they blame. Format: docs.github.com, "Workflow commands for GitHub Actions".
func FindingsGitHub(w io.Writer, findings []Finding) error {
	out := &printer{w: w}
	for _, f := range findings {
		var at []string
		if f.File != "" {
			at = append(at, "file="+property(filepath.ToSlash(f.File)))
		}
		if f.Start.Line > 0 {
			at = append(at, fmt.Sprintf("line=%d,endLine=%d,col=%d", f.Start.Line, max(f.End.Line, f.Start.Line), f.Start.Column))
		}
		at = append(at, "title="+property(f.Summary))
		text := f.Detail
		if f.Address != "" {
			text = f.Address + ": " + text
		}
		if text == "" {
			text = f.Summary
		}
		out.line("::" + string(f.Severity) + " " + strings.Join(at, ",") + "::" + message(text))
	}
	return out.err
}

func message(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(message(text))
}

// FindingsSARIF writes findings as SARIF 2.1.0, which code hosts show as code scanning
// results. File names are relative to the configuration's folder.
func FindingsSARIF(w io.Writer, version string, findings []Finding) error {
	var rules []sarifRule
	index := map[string]int{}
	results := []sarifResult{}
	for _, f := range findings {
		id := slug(f.Summary)
		if _, ok := index[id]; !ok {
			index[id] = len(rules)
			rules = append(rules, sarifRule{ID: id, Short: sarifText{f.Summary}})
		}
		results = append(results, sarifOf(f, id, index[id]))
	}
	if rules == nil {
		rules = []sarifRule{}
	}
	return indented(w, sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs: []sarifRun{{
			Tool:    sarifTool{sarifDriver{Name: "inlay", Version: version, Rules: rules}},
			Results: results,
		}},
	})
}

func sarifOf(f Finding, id string, index int) sarifResult {
	text := f.Summary
	if f.Detail != "" {
		text += ". " + f.Detail
	}
	if f.Address != "" {
		text = f.Address + ": " + text
	}
	r := sarifResult{RuleID: id, RuleIndex: index, Level: string(f.Severity), Message: sarifText{text}}
	if f.File != "" {
		p := sarifPlace{Artifact: sarifArtifact{(&url.URL{Path: filepath.ToSlash(f.File)}).String()}}
		if f.Start.Line > 0 {
			p.Region = &sarifRegion{f.Start.Line, max(f.Start.Column, 1), max(f.End.Line, f.Start.Line), max(f.End.Column, 1)}
		}
		r.Locations = []sarifLocation{{p}}
	}
	return r
}

// slug makes an identifier of a summary: "Unknown attribute" is unknown-attribute.
func slug(text string) string {
	return strings.Trim(strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-"), "-")
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool     `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID    string    `json:"id"`
	Short sarifText `json:"shortDescription"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifLocation struct {
	Physical sarifPlace `json:"physicalLocation"`
}

type sarifPlace struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}
