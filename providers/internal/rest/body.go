package rest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// errTooLarge marks an answer beyond the bound; asking again would not make it smaller.
var errTooLarge = errors.New("the answer is larger than allowed")

// inflater reads bodies, compressed or not.
type inflater struct {
	pool sync.Pool // of *gzip.Reader
	most int64     // bytes of one answer, inflated
}

// read returns the whole body, which belongs to the caller. hint is a guess of its size.
// An error other than errTooLarge means that the body did not arrive as it was sent.
func (f *inflater) read(resp *http.Response, hint int) ([]byte, error) {
	switch resp.Header.Get("Content-Encoding") {
	case "", "identity":
		return f.drain(resp.Body, hint)
	case "gzip":
	default:
		return nil, fmt.Errorf("it is encoded as %q, which was not asked for", resp.Header.Get("Content-Encoding"))
	}
	z, ok := f.pool.Get().(*gzip.Reader)
	if !ok {
		z = new(gzip.Reader)
	}
	defer f.pool.Put(z)
	if err := z.Reset(resp.Body); err != nil {
		if errors.Is(err, io.EOF) { // nothing at all is an empty body
			return nil, nil
		}
		return nil, fmt.Errorf("its compression cannot be read: %w", err)
	}
	body, err := f.drain(z, hint)
	if err != nil && !errors.Is(err, errTooLarge) {
		return nil, fmt.Errorf("its compression cannot be read: %w", err)
	}
	return body, err
}

func (f *inflater) drain(r io.Reader, hint int) ([]byte, error) {
	b := bytes.NewBuffer(make([]byte, 0, max(hint, 4096)))
	n, err := b.ReadFrom(io.LimitReader(r, f.most+1))
	if err != nil {
		return nil, err
	}
	if n > f.most {
		return nil, errTooLarge
	}
	return b.Bytes(), nil
}
