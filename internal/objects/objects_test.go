package objects_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
)

func TestURL(t *testing.T) {
	for text, want := range map[string]objects.URL{
		"s3://bucket":       {Bucket: "bucket"},
		"s3://bucket/":      {Bucket: "bucket"},
		"s3://my.bucket/a":  {Bucket: "my.bucket", Prefix: "a"},
		"s3://bucket/a/b c": {Bucket: "bucket", Prefix: "a/b c"},
	} {
		got, err := objects.ParseURL(text)
		if err != nil || got != want {
			t.Errorf("%s is %+v, %v", text, got, err)
		}
		if again, err := objects.ParseURL(got.String()); err != nil || again != got {
			t.Errorf("%s is written as %s: %v", text, got, err)
		}
	}
	for text, says := range map[string]string{
		"gs://bucket/a": "gs:// is not a store", "s3://": "missing", "s3:///a": "missing", "s3://Bucket": "small letters",
		"s3://ab": "3 to 63", "s3://a..b": "small letters", "s3://bucket//a": "empty name", "s3://bucket/../a": "two dots",
		"s3://bucket/a?b": "one of ?", "s3://bucket/" + strings.Repeat("a", 600): "longer",
	} {
		if got, err := objects.ParseURL(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s is %+v and the error %v does not say %q", text, got, err, says)
		}
	}
	folder, name := objects.URL{Bucket: "bucket", Prefix: "a/b/state.json"}.Parent()
	if name != "state.json" || folder.String() != "s3://bucket/a/b" {
		t.Errorf("the parent is %s, the name %s", folder, name)
	}
}

func TestLease(t *testing.T) {
	s, now := objectstest.New(t), time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	mine, err := objects.TakeLease(s, "lock", "me", now)
	if err != nil {
		t.Fatal(err)
	}
	held := func(at time.Time, want string) {
		t.Helper()
		lease, is, err := objects.Held(s, "lock", at)
		if err != nil || is != (want != "") || is && lease.Holder != want {
			t.Errorf("held %v by %q, not by %q: %v", is, lease.Holder, want, err)
		}
	}
	held(now, "me")
	var other *objects.LeasedError
	if _, err := objects.TakeLease(s, "lock", "you", now.Add(objects.LeaseTime-time.Second)); !errors.As(err, &other) || other.Holder != "me" {
		t.Errorf("a second holder: %v", err)
	}
	if err := mine.Renew(now.Add(objects.LeaseTime - time.Second)); err != nil {
		t.Fatal(err)
	}
	held(now.Add(objects.LeaseTime), "me")
	later := now.Add(3 * objects.LeaseTime)
	held(later, "")
	yours, err := objects.TakeLease(s, "lock", "you", later)
	if err != nil {
		t.Fatal(err)
	}
	if err := mine.Release(); err != nil { // it has become another's
		t.Fatal(err)
	}
	held(later, "you")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := objects.AwaitLease(ctx, s, "lock", "me", func() time.Time { return later }, time.Hour); !errors.As(err, &other) || !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that was given up: %v", err)
	}
	if err := yours.Release(); err != nil {
		t.Fatal(err)
	}
	held(later, "")
}

// TestLeaseOfNobody: what is no lease keeps nobody away for ever.
func TestLeaseOfNobody(t *testing.T) {
	s := objectstest.New(t)
	if err := s.PutNew("lock", []byte("{")); err != nil {
		t.Fatal(err)
	}
	if _, err := objects.TakeLease(s, "lock", "me", time.Now()); err != nil {
		t.Error(err)
	}
}

// TestConditionUnderFaults: a trial that did not come to its end is made again, and is never
// taken for passed or for failed.
func TestConditionUnderFaults(t *testing.T) {
	for _, done := range []bool{false, true} {
		access := objectstest.Server(t)
		for n := int64(1); ; n++ {
			s := objectstest.Open(t, access, strings.Repeat("x", int(n)))
			f := &objectstest.Faults{Store: s, Nth: n, Done: done}
			err := objects.CheckCondition(f)
			var unfit *objects.Error
			if errors.As(err, &unfit) {
				t.Errorf("operation %d, done %v: %v", n, done, err)
			}
			if err := objects.CheckCondition(s); err != nil {
				t.Errorf("operation %d, done %v, then again: %v", n, done, err)
			}
			if f.Ops() < n {
				break
			}
		}
	}
}
