package objects

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// LeaseTime is how long a lease holds after it was taken or renewed.
const LeaseTime = 2 * time.Minute

// Lease is a lock made of an object, for manners: it keeps people and machines from doing
// the same work twice, and tells the second who is at it. It proves nothing: a holder that
// stalls for longer than LeaseTime loses it without noticing, and two clocks may differ. What
// must not happen twice rests on PutNew of the thing itself.
type Lease struct {
	store  Store
	key    string
	holder string
	nonce  string
	until  time.Time
}

// Holding is who has a lease, and until when.
type Holding struct {
	Holder string    `json:"holder"` // what the holder wrote of itself
	Until  time.Time `json:"until"`  // unless it is renewed
}

// leaseText is what the object of a lease holds.
type leaseText struct {
	Holding
	Nonce string `json:"nonce"`
}

// LeasedError says that somebody else's lease has not run out.
type LeasedError struct {
	URL string
	Holding
}

func (e *LeasedError) Error() string {
	return fmt.Sprintf("%s is held by %s until %s, or longer if renewed", e.URL, e.Holder, e.Until.UTC().Format(time.RFC3339))
}

// TakeLease takes the lease, or is a *LeasedError while another's holds. One that ran out is
// taken over.
func TakeLease(s Store, key, holder string, now time.Time) (*Lease, error) {
	l := &Lease{store: s, key: key, holder: holder, nonce: newNonce()}
	text, err := l.text(now)
	if err != nil {
		return nil, err
	}
	for range 3 {
		err := s.PutNew(key, text)
		if err == nil {
			return l, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		held, ok, err := readLease(s, key)
		if err != nil {
			return nil, err
		}
		if ok && now.Before(held.Until) {
			return nil, &LeasedError{URL: s.URL(key), Holding: held.Holding}
		}
		if err := s.Delete(key); err != nil { // it ran out, or is none: for manners that is enough
			return nil, err
		}
	}
	return nil, &LeasedError{URL: s.URL(key), Holding: Holding{"one of several that came at once", now}}
}

// leasePause is how long AwaitLease waits before it asks again.
const leasePause = time.Second

// AwaitLease is TakeLease that waits up to wait for whoever has it. Then, or when ctx ends,
// it is the *LeasedError.
func AwaitLease(ctx context.Context, s Store, key, holder string, now func() time.Time, wait time.Duration) (*Lease, error) {
	for deadline := time.Now().Add(wait); ; {
		l, err := TakeLease(s, key, holder, now())
		var held *LeasedError
		if !errors.As(err, &held) || !time.Now().Before(deadline) {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		case <-time.After(leasePause):
		}
	}
}

// Held reports whose lease holds, if anyone's does.
func Held(s Store, key string, now time.Time) (h Holding, held bool, err error) {
	text, ok, err := readLease(s, key)
	return text.Holding, ok && now.Before(text.Until), err
}

// Renew makes the lease hold for another LeaseTime when half of it is over. What others did
// to it meanwhile is written over.
func (l *Lease) Renew(now time.Time) error {
	if now.Before(l.until.Add(-LeaseTime / 2)) {
		return nil
	}
	text, err := l.text(now)
	if err != nil {
		return err
	}
	return l.store.Put(l.key, bytes.NewReader(text), int64(len(text)))
}

// Release gives the lease back, unless it has become another's.
func (l *Lease) Release() error {
	held, ok, err := readLease(l.store, l.key)
	if err != nil || !ok || held.Nonce != l.nonce {
		return err
	}
	return l.store.Delete(l.key)
}

func (l *Lease) text(now time.Time) ([]byte, error) {
	l.until = now.Add(LeaseTime)
	return json.Marshal(leaseText{Holding{l.holder, l.until.UTC()}, l.nonce})
}

// readLease reads who holds a lease; false when there is none, or nothing that could be one.
func readLease(s Store, key string) (leaseText, bool, error) {
	data, err := Read(s, key)
	if errors.Is(err, fs.ErrNotExist) {
		return leaseText{}, false, nil
	}
	var text leaseText
	if err == nil && json.Unmarshal(data, &text) != nil {
		return leaseText{}, false, nil
	}
	return text, err == nil, err
}

// newNonce tells this holder from any other: 128 random bits.
func newNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return hex.EncodeToString(b[:])
}

// small bounds what Read takes into memory.
const small = 256 << 20

// Read returns a small object whole; fs.ErrNotExist when there is none.
func Read(s Store, key string) (data []byte, err error) {
	body, object, err := s.Get(key)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	if object.Size > small {
		return nil, fmt.Errorf("%s holds %d bytes, which is no file of inlay's", s.URL(key), object.Size)
	}
	return io.ReadAll(body)
}
