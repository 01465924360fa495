// Package intercom is the provider for Intercom: what the service holds, and how it is
// asked for without losing a row.
//
// A stream is one declaration in one file (stream_*.go): its columns, key and cursors, and
// the way it is read. There are few ways: a list read whole, a search read along a column
// of time, the companies' scroll, the parts of each conversation, and a list under each
// object of another stream. declared.go names all streams in the order people meet them.
//
// What a read guarantees: it asks for more than it needs wherever the API is vague about
// the edges of a range, and drops the surplus itself; a bookmark never passes the start of
// the run nor a row that was not yielded; and where the service announces how many rows
// there are, a read that received fewer says so instead of ending as if nothing were
// missing. A refusal of the service is an error with a closed kind, never zero rows.
//
// Facts of the API come from Intercom's published description (version 2.16) and from what
// clients have seen on the wire; where the two differ, both are accepted.
package intercom
