package table

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
)

// bring makes sure that a part stands where it is opened: on disk it does, and a mirror
// fetches what it lacks. Whoever opens a part of a manifest asks it first.
func (t *Table) bring(d *durable.Dir, p Part) error {
	if t.wh.remote == nil {
		return nil
	}
	return t.wh.remote.fetch(d, t.key("parts/"+p.Name), t.at("parts/"+p.Name), p)
}

// fetch brings an object into the mirror under a name, unless it stands there in its size.
// It comes whole or not at all, and only with the checksum that it was written with.
func (r *remote) fetch(d *durable.Dir, key, name string, p Part) error {
	if st, err := d.Lstat(name); err == nil && st.Size() == p.Bytes {
		return nil
	}
	body, _, err := r.store.Get(key)
	if err != nil {
		return fmt.Errorf("the part %s cannot be read from the object store: %w", r.store.URL(key), err)
	}
	temp := name + ".fetching-" + strings.ToLower(randomText(8))
	err = errors.Join(receive(d, temp, body, p), body.Close())
	if err == nil {
		err = d.Rename(temp, name)
	}
	if err != nil {
		_ = d.Remove(temp) // the first error says more
		return fmt.Errorf("the part %s cannot be read from the object store: %w", r.store.URL(key), err)
	}
	return nil
}

// receive writes a part's bytes to a new file, durably, and proves them.
func receive(d *durable.Dir, name string, body io.Reader, p Part) error {
	f, err := d.Create(name, 0o444)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(body, p.Bytes+1))
	switch {
	case err != nil:
	case n != p.Bytes:
		err = fmt.Errorf("it has not the %d bytes that it was written with", p.Bytes)
	case hex.EncodeToString(sum.Sum(nil)) != p.SHA256:
		err = errors.New("its content is not what was written: its checksum differs")
	default:
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
