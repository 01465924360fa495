// Package report turns plans, events, diagnostics and lists into words: text for a
// terminal or a log, JSON and NDJSON for machines, markdown for pull requests, SARIF and
// annotations for code hosts.
//
// A report takes values and an io.Writer and returns the writer's error; it reads no
// clock, no environment and no file. The same values give the same bytes. Text that came
// from outside (a service's message, a file's content) is cleaned of control characters
// before it reaches a terminal.
package report
