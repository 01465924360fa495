package rest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/inlay-sync/inlay/providers/internal/deflate"
)

// errTooLarge marks an answer beyond the bound; asking again would not make it smaller.
var errTooLarge = errors.New("the answer is larger than allowed")

// inflater reads bodies, compressed or not.
type inflater struct {
	pool sync.Pool // of *packed
	most int64     // bytes of one answer, inflated
}

// packed is where a compressed body is kept until it is opened.
type packed struct {
	body    bytes.Buffer
	decoder deflate.Decoder
}

// read returns the whole body, which belongs to the caller. An error other than errTooLarge
// means that the body did not arrive as it was sent.
func (f *inflater) read(resp *http.Response) ([]byte, error) {
	switch resp.Header.Get("Content-Encoding") {
	case "", "identity":
		var body bytes.Buffer
		err := f.drain(&body, resp.Body)
		return body.Bytes(), err
	case "gzip":
	default:
		return nil, fmt.Errorf("it is encoded as %q, which was not asked for", resp.Header.Get("Content-Encoding"))
	}
	p, ok := f.pool.Get().(*packed)
	if !ok {
		p = new(packed)
	}
	defer f.pool.Put(p)
	p.body.Reset()
	if err := f.drain(&p.body, resp.Body); err != nil || p.body.Len() == 0 {
		return nil, err
	}
	body, err := p.decoder.Gunzip(p.body.Bytes(), f.most)
	switch {
	case errors.Is(err, deflate.ErrTooLarge):
		return nil, errTooLarge
	case err != nil:
		return nil, fmt.Errorf("its compression cannot be read: %w", err)
	}
	return body, nil
}

// drain reads what there is, within the bound.
func (f *inflater) drain(into *bytes.Buffer, from io.Reader) error {
	n, err := into.ReadFrom(io.LimitReader(from, f.most+1))
	if err == nil && n > f.most {
		err = errTooLarge
	}
	return err
}
