// Package trigger is what tells Temporal when to look: for each schedule of inlay one of
// Temporal's, as it should be and as it was found there.
//
// A trigger only wakes a workflow. What is due is decided by inlay's own slots, as `inlay
// run -due` does, so a trigger that comes twice, late or for nothing does no harm. The
// package guarantees that one comes for each slot of the years it looks at, also where a
// zone's clock changes and Temporal, which looks at what the clock shows, has none.
//
// It is pure: the same schedule in the same year gives the same trigger.
package trigger
