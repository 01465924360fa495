package objects

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// URL is where objects stand: a bucket, and what all their keys begin with.
type URL struct {
	Bucket string
	Prefix string // "" or "a/b": without slashes at its ends
}

// IsURL reports whether a location in a configuration means a store and not a path on disk.
func IsURL(location string) bool { return strings.Contains(location, "://") }

// ParseURL reads "s3://bucket/prefix". Its errors are a sentence for people.
func ParseURL(location string) (URL, error) {
	rest, ok := strings.CutPrefix(location, "s3://")
	if !ok {
		scheme, _, _ := strings.Cut(location, "://")
		return URL{}, fmt.Errorf("%s:// is not a store that inlay knows; write s3://BUCKET/PREFIX, also for other services that speak S3, whose address AWS_ENDPOINT_URL names", scheme)
	}
	bucket, prefix, _ := strings.Cut(rest, "/")
	if err := checkBucket(bucket); err != nil {
		return URL{}, err
	}
	prefix = strings.TrimSuffix(prefix, "/")
	if err := checkPrefix(prefix); err != nil {
		return URL{}, err
	}
	return URL{Bucket: bucket, Prefix: prefix}, nil
}

// String writes the URL as ParseURL reads it.
func (u URL) String() string { return "s3://" + u.Key("") }

// Key is the bucket and the whole key of an object below the prefix.
func (u URL) Key(key string) string {
	return strings.TrimSuffix(u.Bucket+"/"+u.Full(key), "/")
}

// Full is the whole key of an object below the prefix.
func (u URL) Full(key string) string {
	if u.Prefix == "" {
		return key
	}
	return u.Prefix + "/" + key
}

// Parent splits the last name off: the folder of an object and its name in it.
func (u URL) Parent() (URL, string) {
	i := strings.LastIndex(u.Prefix, "/")
	return URL{Bucket: u.Bucket, Prefix: u.Prefix[:max(i, 0)]}, u.Prefix[i+1:]
}

func checkBucket(bucket string) error {
	if bucket == "" {
		return errors.New("the bucket is missing; write s3://BUCKET/PREFIX")
	}
	valid := len(bucket) >= 3 && len(bucket) <= 63 && strings.Trim(bucket, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
	if !valid || strings.Contains(bucket, "..") {
		return fmt.Errorf("%q cannot be a bucket's name: 3 to 63 small letters, digits, dots and hyphens", bucket)
	}
	return nil
}

func checkPrefix(prefix string) error {
	if len(prefix) > 512 {
		return errors.New("what comes after the bucket is longer than 512 bytes")
	}
	for name := range strings.SplitSeq(prefix, "/") {
		switch {
		case prefix == "":
		case name == "" || name == "." || name == "..":
			return fmt.Errorf("%q has an empty name, a dot or two dots between slashes, which is another key than it looks", prefix)
		case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(`?#*\`, r) }):
			return fmt.Errorf("%q holds a character that keys had better not have: one of ? # * \\ or an invisible one", prefix)
		}
	}
	return nil
}
