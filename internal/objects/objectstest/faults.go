package objectstest

import (
	"errors"
	"io"
	"iter"
	"sync/atomic"

	"github.com/inlay-sync/inlay/internal/objects"
)

// ErrInjected is what a failed operation of Faults returns.
var ErrInjected = errors.New("injected: the store failed")

// Faults is a store whose Nth operation fails, counted from 1 since it was made.
type Faults struct {
	objects.Store
	Nth  int64 // 0: none fails
	Done bool  // the operation is done and its answer lost; otherwise it is not begun
	All  bool  // and every operation after it fails too, as when the network is gone

	ops atomic.Int64
}

// Ops is how many operations there were.
func (f *Faults) Ops() int64 { return f.ops.Load() }

// op does one operation, or does not, or does and says it failed.
func (f *Faults) op(do func() error) error {
	n := f.ops.Add(1)
	switch fails := f.Nth > 0 && (n == f.Nth || f.All && n > f.Nth); {
	case !fails:
		return do()
	case f.Done && n == f.Nth:
		return errors.Join(ErrInjected, do())
	}
	return ErrInjected
}

// Get opens an object.
func (f *Faults) Get(key string) (body io.ReadCloser, o objects.Object, err error) {
	err = f.op(func() error {
		body, o, err = f.Store.Get(key)
		return err
	})
	if err != nil && body != nil {
		err = errors.Join(err, body.Close())
	}
	return body, o, err
}

// Stat describes an object.
func (f *Faults) Stat(key string) (o objects.Object, err error) {
	err = f.op(func() error {
		o, err = f.Store.Stat(key)
		return err
	})
	return o, err
}

// Put writes an object.
func (f *Faults) Put(key string, body io.ReadSeeker, size int64) error {
	return f.op(func() error { return f.Store.Put(key, body, size) })
}

// PutNew writes an object that is not there yet.
func (f *Faults) PutNew(key string, data []byte) error {
	return f.op(func() error { return f.Store.PutNew(key, data) })
}

// List yields objects. Only its beginning can fail.
func (f *Faults) List(prefix, after string) iter.Seq2[objects.Object, error] {
	return func(yield func(objects.Object, error) bool) {
		if err := f.op(func() error { return nil }); err != nil {
			yield(objects.Object{}, err)
			return
		}
		f.Store.List(prefix, after)(yield)
	}
}

// Delete removes objects.
func (f *Faults) Delete(keys ...string) error {
	return f.op(func() error { return f.Store.Delete(keys...) })
}
