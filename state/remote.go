package state

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// remote is a folder of an object store. Each serial of the state is an object of its own,
// which is created only where there is none: of two commands that write the same serial, one
// has written it, and the other hears so, whatever became of the lock. The object with the
// state's plain name is a copy for people.
type remote struct {
	store  objects.Store
	file   string // the name of the state in it
	desk   string // a folder of this machine for its commands that use this state
	faults durable.Faults
	now    func() time.Time
}

// serialsKept is how many serials of a state stay.
const serialsKept = 50

func (r remote) path() string { return r.store.URL(r.file) }

func (r remote) key(serial int64) string { return fmt.Sprintf("%s.d/%09d.json", r.file, serial) }

// serials lists the keys of the serials that are there, in order.
func (r remote) serials() ([]string, error) {
	var out []string
	for o, err := range r.store.List(r.file+".d/", "") {
		if err != nil {
			return nil, err
		}
		out = append(out, o.Key)
	}
	return out, nil
}

// latest reads the highest serial. Where there is none yet, a state that somebody put there
// by its plain name is where it goes on from.
func (r remote) latest() ([]byte, error) {
	keys, err := r.serials()
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return r.read(r.file)
	}
	key := keys[len(keys)-1]
	data, err := r.read(key)
	if errors.Is(err, fs.ErrNotExist) { // somebody deletes states: that there is none is not known
		return nil, fmt.Errorf("%s was listed, and is not there any more; run the command again", r.store.URL(key))
	}
	return data, err
}

func (r remote) follow(serial int64, text, _ []byte) error {
	keys, err := r.serials()
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		if err := objects.CheckCondition(r.store); err != nil {
			return err
		}
	}
	if err := r.store.PutNew(r.key(serial), text); err != nil {
		return err
	}
	if err := r.replace(r.file, text); err != nil {
		return err
	}
	return r.store.Delete(keys[:max(0, len(keys)+1-serialsKept)]...)
}

func (r remote) read(name string) ([]byte, error) { return objects.Read(r.store, name) }

func (r remote) replace(name string, data []byte) error {
	return r.store.Put(name, bytes.NewReader(data), int64(len(data)))
}

func (r remote) stamp(name string) string {
	if name == r.file {
		if keys, err := r.serials(); err == nil && len(keys) > 0 {
			return keys[len(keys)-1]
		}
	}
	if o, err := r.store.Stat(name); err == nil {
		return fmt.Sprint(o.Size, o.Modified.UnixNano())
	}
	return ""
}

// leaseHolder is what the lease of a state holds: who has it, and from which desk.
type leaseHolder struct {
	Holder
	Desk string `json:"desk"`
}

// remoteHold is a lease, and the lock of the desk, by which the next command here knows that
// a lease from this desk is nobody's any more.
type remoteHold struct {
	diskHold
	lease *objects.Lease
	now   func() time.Time
}

func (h remoteHold) renew() error   { return h.lease.Renew(h.now()) }
func (h remoteHold) release() error { return errors.Join(h.lease.Release(), h.diskHold.release()) }

func (r remote) lock(ctx context.Context, name string, holder Holder, wait time.Duration) (hold, error) {
	dir, err := durable.Make(r.desk, folderPerm, r.faults)
	if err != nil {
		return nil, fmt.Errorf("the folder of this machine for the state cannot be made: %w", err)
	}
	lock, err := lockFile(ctx, dir, name, holder, wait)
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	local := diskHold{dir, lock}
	lease, err := r.lease(ctx, dir, name, holder, wait)
	if err != nil {
		return nil, errors.Join(err, local.release())
	}
	return remoteHold{local, lease, r.now}, nil
}

// lease takes the lease under the lock of the desk.
func (r remote) lease(ctx context.Context, dir *durable.Dir, name string, holder Holder, wait time.Duration) (*objects.Lease, error) {
	desk, err := deskName(dir)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(leaseHolder{holder, desk})
	if err != nil {
		return nil, err
	}
	left, held, err := objects.Held(r.store, name, r.now())
	if err == nil && held && deskOf(left.Holder) == desk {
		err = r.store.Delete(name) // its holder has ended, or the desk would be locked
	}
	if err != nil {
		return nil, err
	}
	lease, err := objects.AwaitLease(ctx, r.store, name, string(text), r.now, wait)
	var other *objects.LeasedError
	if errors.As(err, &other) {
		return nil, &LockedError{Path: other.URL, Holder: holderOf(other.Holder, other.Until), Err: err}
	}
	return lease, err
}

// deskName is the name of a desk: random, and as old as its folder.
func deskName(dir *durable.Dir) (string, error) {
	data, err := dir.ReadFile("desk")
	if errors.Is(err, fs.ErrNotExist) {
		data = []byte(newLineage())
		err = dir.Replace("desk", data, filePerm)
	}
	return string(data), err
}

func deskOf(text string) string {
	var h leaseHolder
	if json.Unmarshal([]byte(text), &h) != nil {
		return ""
	}
	return h.Desk
}

func (r remote) held(name string) (Holder, bool, error) {
	lease, held, err := objects.Held(r.store, name, r.now())
	if err != nil || !held {
		return Holder{}, false, err
	}
	return holderOf(lease.Holder, lease.Until), true, nil
}
