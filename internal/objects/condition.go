package objects

import (
	"errors"
	"fmt"
	"io/fs"
)

// HonoursKey is the key of the object that says a place was tried by CheckCondition.
const HonoursKey = ".inlay-honours-conditions"

// CheckCondition finds out, once for each place that objects are kept in, whether its store
// honours the condition of PutNew, and is an *Error of kind Unfit when it does not: two
// machines could then commit one after the other under the same number.
func CheckCondition(s Store) error {
	_, err := s.Stat(HonoursKey)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	key := ".inlay-probe-" + newNonce()
	if err := s.PutNew(key, []byte("first")); err != nil {
		return fmt.Errorf("the object store cannot be written to: %w", err)
	}
	second := s.PutNew(key, []byte("second"))
	if err := s.Delete(key); err != nil {
		return err
	}
	if second == nil {
		return &Error{Kind: Unfit, URL: s.URL(""), Detail: "This store writes over an object although it is asked to create it only where there is none, so two machines could overwrite each other's commits. Use a store that honours If-None-Match when an object is put, as Amazon S3 does, or a folder on disk."}
	}
	if !errors.Is(second, fs.ErrExist) {
		return second
	}
	if err := s.PutNew(HonoursKey, []byte("An object put with If-None-Match was refused here while another stood under its key.\n")); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
