package s3

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/internal/objects"
)

// Store is a place in a bucket. It keeps the promises of objects.Store; its errors are
// *objects.Error, or match fs.ErrNotExist or fs.ErrExist.
type Store struct {
	client *s3.Client
	creds  aws.CredentialsProvider
	at     objects.URL
}

// deletesAtOnce is how many objects are deleted side by side. Deleting many in one request
// is not understood by all who speak S3.
const deletesAtOnce = 8

func (s *Store) bucket() *string { return &s.at.Bucket }

func (s *Store) key(key string) *string { return aws.String(s.at.Full(key)) }

// URL names an object: s3://bucket/key.
func (s *Store) URL(key string) string { return "s3://" + s.at.Key(key) }

// Get opens an object. A connection that breaks while it is read is made anew, from where
// it broke.
func (s *Store) Get(key string) (io.ReadCloser, objects.Object, error) {
	out, err := s.get(key, nil)
	if err != nil {
		return nil, objects.Object{}, s.failed(key, err)
	}
	object := objects.Object{Key: key, Size: aws.ToInt64(out.ContentLength), Modified: aws.ToTime(out.LastModified)}
	return &reading{store: s, key: key, body: out.Body, etag: aws.ToString(out.ETag), size: object.Size}, object, nil
}

func (s *Store) get(key string, span *string) (*s3.GetObjectOutput, error) {
	return s.client.GetObject(context.Background(), &s3.GetObjectInput{Bucket: s.bucket(), Key: s.key(key), Range: span})
}

// Stat describes an object.
func (s *Store) Stat(key string) (objects.Object, error) {
	out, err := s.client.HeadObject(context.Background(), &s3.HeadObjectInput{Bucket: s.bucket(), Key: s.key(key)})
	if err != nil {
		return objects.Object{}, s.failed(key, err)
	}
	return objects.Object{Key: key, Size: aws.ToInt64(out.ContentLength), Modified: aws.ToTime(out.LastModified)}, nil
}

// Put writes an object in one request.
func (s *Store) Put(key string, body io.ReadSeeker, size int64) error {
	_, err := s.client.PutObject(context.Background(), &s3.PutObjectInput{Bucket: s.bucket(), Key: s.key(key), Body: body, ContentLength: &size})
	return s.failed(key, err)
}

// PutNew writes an object that is not there yet. Whatever was answered but success, what is
// there now decides.
func (s *Store) PutNew(key string, data []byte) error {
	_, err := s.client.PutObject(context.Background(), &s3.PutObjectInput{
		Bucket: s.bucket(), Key: s.key(key), Body: bytes.NewReader(data), ContentLength: aws.Int64(int64(len(data))), IfNoneMatch: aws.String("*"),
	})
	if err == nil {
		return nil
	}
	there, read := objects.Read(s, key)
	switch {
	case read == nil && bytes.Equal(there, data):
		return nil
	case read == nil:
		return &fs.PathError{Op: "create", Path: s.URL(key), Err: fs.ErrExist}
	case errors.Is(s.failed(key, err), fs.ErrExist) && !errors.Is(read, fs.ErrNotExist):
		return read // somebody's is there, and whose is not known
	}
	return s.failed(key, err)
}

// List yields objects by key, a thousand to a request.
func (s *Store) List(prefix, after string) iter.Seq2[objects.Object, error] {
	return func(yield func(objects.Object, error) bool) {
		in := &s3.ListObjectsV2Input{Bucket: s.bucket(), Prefix: s.key(prefix)}
		if after != "" {
			in.StartAfter = s.key(after)
		}
		for pages := s3.NewListObjectsV2Paginator(s.client, in); pages.HasMorePages(); {
			page, err := pages.NextPage(context.Background())
			if err != nil {
				yield(objects.Object{}, s.failed(prefix, err))
				return
			}
			for _, o := range page.Contents {
				key := strings.TrimPrefix(aws.ToString(o.Key), s.at.Full(""))
				if !yield(objects.Object{Key: key, Size: aws.ToInt64(o.Size), Modified: aws.ToTime(o.LastModified)}, nil) {
					return
				}
			}
		}
	}
}

// Delete removes objects, one request each.
func (s *Store) Delete(keys ...string) error {
	var group errgroup.Group
	group.SetLimit(deletesAtOnce)
	for _, key := range keys {
		group.Go(func() error {
			_, err := s.client.DeleteObject(context.Background(), &s3.DeleteObjectInput{Bucket: s.bucket(), Key: s.key(key)})
			if err = s.failed(key, err); errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
	}
	return group.Wait()
}

// reading is the body of an object, read on after a broken connection.
type reading struct {
	store *Store
	key   string
	body  io.ReadCloser
	etag  string
	at    int64
	size  int64
	tries int
}

// rereads is how often one object is asked for again from where its body broke off.
const rereads = 5

func (r *reading) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	r.at += int64(n)
	if err == io.EOF && r.at < r.size {
		err = io.ErrUnexpectedEOF
	}
	if err == nil || err == io.EOF {
		return n, err
	}
	if r.tries == rereads {
		return n, r.store.failed(r.key, err)
	}
	r.tries++
	return n, r.again(err)
}

// again asks for what is missing of the object, which must still be the same.
func (r *reading) again(broke error) error {
	out, err := r.store.get(r.key, aws.String(spanFrom(r.at)))
	if err != nil {
		return r.store.failed(r.key, errors.Join(broke, err))
	}
	_ = r.body.Close() // it broke
	r.body = out.Body
	if got := aws.ToString(out.ETag); got != r.etag {
		return r.store.failed(r.key, errors.New("the object was written over while it was read"))
	}
	return nil
}

func (r *reading) Close() error { return r.body.Close() }
