// Package rest is how to ask any REST service: a client that sends credentials to one
// place only, keeps to the service's rate limit, tries again what may work later, and
// believes nothing about the size or the end of an answer.
//
// A Client guarantees: the Authorization header goes to one origin (scheme, host and port)
// and nowhere else, whatever a redirect or an address in an answer says; every answer is
// bounded in bytes; every wait is bounded and ends with its context; and what cannot be
// had ends in a *providers.Error of a closed kind, or in a *StatusError when the service
// itself refuses, which only the service's own provider can put into words.
package rest
