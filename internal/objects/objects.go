// Package objects is the object store beneath tables and states that do not stand on a local
// disk: whole, named objects, of which one conditional operation is asked and no more, that
// an object be created only where there is none. Everything that must not happen twice rests
// on it.
package objects

import (
	"io"
	"iter"
	"time"
)

// Object is what a store says of one object without reading it.
type Object struct {
	Key      string
	Size     int64
	Modified time.Time // by the store's clock
}

// Store is a place for objects: a bucket, and a prefix in it that keys do not show. Keys
// are slash-separated, without a leading slash. It is safe for several goroutines, retries
// what the network loses, and bounds every request in time; so a caller's interrupt need not
// reach it, and what a command writes on its way out still arrives. Reading an object after
// writing it, and listing after either, shows what was written.
type Store interface {
	// Get opens an object for reading from its beginning; fs.ErrNotExist when there is none.
	Get(key string) (io.ReadCloser, Object, error)

	// Stat describes an object; fs.ErrNotExist when there is none.
	Stat(key string) (Object, error)

	// Put writes an object whole, in place of what is there. A reader finds the old one or
	// the new one. body is read from its beginning, again for each attempt.
	Put(key string, body io.ReadSeeker, size int64) error

	// PutNew writes an object that must not be there yet: of any number of callers one
	// succeeds, and the others get fs.ErrExist. When the answer to an attempt is lost, the
	// object is read back: the same bytes are this caller's success, so callers whose bytes
	// could be equal put something of their own into them.
	PutNew(key string, data []byte) error

	// List yields the objects whose keys begin with prefix and come after the given key, by
	// key. An error ends it.
	List(prefix, after string) iter.Seq2[Object, error]

	// Delete removes objects. One that is not there is no error.
	Delete(keys ...string) error

	// URL names an object for people and for other readers of the store.
	URL(key string) string
}
