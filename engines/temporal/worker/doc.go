// Package worker does the work that triggers ask for: Temporal decides when and on which
// machine, inlay what is due and what is true.
//
// A trigger starts the workflow Wake, which finds the targets of its schedule and calls at
// the lane of each workspace that they read. A lane is a workflow of which there is at most
// one for a workspace on a task queue, whatever the number of workers and projects: it looks what is due,
// imports one read at a time, tries again what failed, and ends when nothing is left. So a
// workspace's rate limit is never shared by two imports.
//
// An import is an activity that does what `inlay run -due` does for the targets of one read.
// A worker that dies is noticed by the heartbeat that fails to come, and another one goes on
// from inlay's own checkpoint. Whatever is done twice is done once: the table knows its
// slots.
package worker
