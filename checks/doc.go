// Package checks tests the real binary as a whole: against a sandbox that serves over
// HTTP, killed at every step of a commit, and read by an engine that shares no code with it.
package checks
