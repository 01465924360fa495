// Package reference holds the reference documentation, which is printed from the same
// declarations that the program decodes, checks and compares by. Nothing in its pages is
// written by hand; this package's test fails when a page differs from what the
// declarations say.
package reference
