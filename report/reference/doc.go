// Package reference writes the reference: everything that can be written in a
// configuration and called on a command line, as pages of markdown.
//
// The pages are made from the declarations that also drive decoding, so nothing in them is
// written by hand and nothing that is declared is left out. The same declarations give the
// same bytes.
package reference
