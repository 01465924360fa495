// Package cli is the speech of inlay: it turns a command line into calls of project, and
// what comes back into words and an exit code. It decides nothing about data.
//
// Every command is one file: its flags in a plain struct, its words for help, and what it
// does. Errors come up as values; one function decides the exit code of each, and one
// place prints them.
package cli
