// Package providertest is the conformance suite that every provider runs, in one line of
// its own tests:
//
//	providertest.Run(t, myservice.New(), connect)
//
// It checks what the rest of inlay relies on: declarations that hold together, reads that
// end once and say how complete they were, rows of exactly the shape that was asked for,
// bookmarks and resume points that lose nothing, and errors of a closed kind. The service
// behind the connection must not change while the suite runs, and should have a few pages
// of rows in some of its streams.
package providertest
