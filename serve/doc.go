// Package serve is the daemon and its page: it waits for the slots of schedules, runs the
// imports that are due, and shows a person how things stand.
//
// It is the only room that waits. It applies nothing by itself: a due import runs by the
// spec last applied, and when files of the configuration change, the daemon plans and keeps
// the plan until a person approves it. What it does at any moment follows from the state,
// the tables' manifests and the clock, so it may be killed at any time and started again,
// and several of them may serve one warehouse: a table's lock and the slot in its manifest
// see to it that each slot is imported once.
//
// The clock and the waiting come in as arguments. Clocks that jump and machines that sleep
// are met by looking at the clock at least once a minute.
package serve
