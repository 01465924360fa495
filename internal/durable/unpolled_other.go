//go:build !unix

package durable

// unpolled opens a file without handing it to the poller; here nothing need be said.
const unpolled = 0
