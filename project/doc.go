// Package project is one folder of configuration with its state and its tables.
//
// Every command goes the same way: load what the person wrote, remember what was applied,
// look at what is there, decide what is to be done, and act. Each step is a method whose
// result is a value that the next one takes; what a command does not need, it does not
// load. plan, validate and diff need no credentials, take no lock and write nothing.
//
// The clock, the environment, the streams and the providers come in as a World.
package project
