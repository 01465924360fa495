// Package browser checks the page of the daemon in a real browser.
package browser
