package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	smithy "github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/inlay-sync/inlay/internal/objects"
)

// conflict is said of a conditional write that met another in the same moment; it is tried
// again.
const conflict = "ConditionalRequestConflict"

// failed says what an error of the SDK means for us; nil stays nil.
func (s *Store) failed(key string, err error) error {
	if err == nil {
		return nil
	}
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) || answer.HTTPStatusCode() == 0 {
		return s.unanswered(key, err)
	}
	status := answer.HTTPStatusCode()
	code, err := said(err, status)
	switch {
	case code == "NoSuchBucket":
		return s.error(objects.NoBucket, key, err)
	case status == http.StatusNotFound:
		return &fs.PathError{Op: "read", Path: s.URL(key), Err: fs.ErrNotExist}
	case status == http.StatusPreconditionFailed:
		return &fs.PathError{Op: "create", Path: s.URL(key), Err: fs.ErrExist}
	case status == http.StatusMovedPermanently:
		return s.elsewhere(key, answer)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return s.error(objects.Credentials, key, err)
	case status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return s.error(objects.Unreachable, key, err)
	}
	return s.error(objects.Failed, key, err)
}

// unanswered is the error of a request that no answer came to: either it never left, for
// want of credentials, or the store cannot be reached.
func (s *Store) unanswered(key string, err error) error {
	if _, missing := s.creds.Retrieve(context.Background()); missing != nil {
		return &objects.Error{Kind: objects.Credentials, URL: s.URL(key), Err: errors.New("there are no credentials for it"),
			Detail: fmt.Sprintf("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role (%v).", root(missing))}
	}
	return s.error(objects.Unreachable, key, root(err))
}

// elsewhere is the error of a bucket that another region holds.
func (s *Store) elsewhere(key string, answer *smithyhttp.ResponseError) error {
	detail := "Set AWS_REGION to the region of the bucket."
	if region := answer.Response.Header.Get("x-amz-bucket-region"); region != "" {
		detail = "Set AWS_REGION=" + region + "."
	}
	return &objects.Error{Kind: objects.Failed, URL: s.URL(key), Err: errors.New("the bucket is in another region"), Detail: detail}
}

func (s *Store) error(kind objects.Kind, key string, err error) error {
	return &objects.Error{Kind: kind, URL: s.URL(key), Err: err}
}

// said is what the store said: its code, and all of it without the SDK's words about itself.
func said(err error, status int) (code string, text error) {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return "", fmt.Errorf("it answered %d %s", status, http.StatusText(status))
	}
	answer := fmt.Sprintf("it answered %d %s", status, api.ErrorCode())
	if message := strings.TrimRight(api.ErrorMessage(), ". "); message != "" {
		answer += " (" + message + ")"
	}
	return api.ErrorCode(), errors.New(answer)
}

// root is the innermost cause of an error that wraps one at a time.
func root(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
