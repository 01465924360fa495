// Package reference holds the reference documentation, which `inlay schema -format=markdown`
// prints from the same declarations that the program decodes, checks and compares by.
// Nothing in its pages is written by hand; this package's test fails when a page differs
// from what the program writes.
package reference
