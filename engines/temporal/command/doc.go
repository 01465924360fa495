// Package command is the speech of inlay-temporal: arguments in, words and exit codes out, as
// those of inlay itself.
package command
