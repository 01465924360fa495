// Package deployment is the triggers that a project has at Temporal: which there should be,
// which there are, and how the one becomes the other.
//
// A project owns the triggers that carry the lineage of its state in their names, and never
// touches another's.
package deployment
