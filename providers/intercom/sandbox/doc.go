// Package sandbox is a simulated Intercom workspace: a real HTTP server with
// the paths, envelopes, pagination, search language, rate limits and faults of
// Intercom's API, and no account behind it.
//
// A workspace is a pure function of its seed and its clock, plus the edits made
// to it: the same seed at the same moment gives byte-identical objects and pages,
// whatever was asked before; only request identifiers differ. Objects are generated from their index when asked
// for, so a workspace of a million contacts costs a few bytes a contact. It
// grows with its clock: contacts, conversations and the rest are added, and old
// ones change.
//
// Three kinds of guests use it: people who try the product without an account,
// tests, which edit it while it serves and compare with Rows, and whoever wants
// to see a client meet a misbehaving service, which Behaviour describes as data.
//
// Everything under /_sandbox serves tests of a real binary: edits, behaviour,
// clock, rows and counters, without a token. The rest is Intercom's API.
//
// Facts of the API follow Intercom's published description, version 2.16, and
// what other clients saw on the wire; where the two differ the wire wins.
package sandbox
