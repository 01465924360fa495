package objects

import "fmt"

// Kind tells the errors of stores apart.
type Kind string

// The closed set of kinds.
const (
	NoBucket    Kind = "no_bucket"   // the bucket is not there
	Credentials Kind = "credentials" // there are none, or they were refused
	Unreachable Kind = "unreachable" // no answer, or one that promises to be better later
	Unfit       Kind = "unfit"       // the store does not do what commits rest on
	Failed      Kind = "failed"      // anything else it said
)

// Error is a store's refusal, with what to do about it. What is missing and what was there
// before its time are fs.ErrNotExist and fs.ErrExist instead.
type Error struct {
	Kind   Kind
	URL    string // of the object or the place it was about
	Detail string // full sentences, "" = those of the kind
	Err    error
}

// Error names the place, the kind and the cause.
func (e *Error) Error() string {
	summary, detail := e.Explain()
	return summary + ": " + detail
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Explain says the error in a few constant words and in full sentences.
func (e *Error) Explain() (summary, detail string) {
	words := map[Kind]struct{ summary, advice string }{
		NoBucket:    {"No such bucket", "inlay makes no buckets: create it, or mend the name, the region (AWS_REGION) or the address (AWS_ENDPOINT_URL)."},
		Credentials: {"Object store refused the credentials", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role; it must be allowed to list, read, write and delete there."},
		Unreachable: {"Object store unreachable", "Look at the network and at AWS_ENDPOINT_URL, then run the command again: what was not committed goes on from its last checkpoint."},
		Unfit:       {"Object store unfit", "Use a store that honours If-None-Match when an object is put, as Amazon S3 does, or a folder on disk."},
		Failed:      {"Object store failed", ""},
	}[e.Kind]
	detail = e.Detail
	if detail == "" {
		detail = words.advice
	}
	if e.Err != nil {
		detail = fmt.Sprintf("%s: %v. %s", e.URL, e.Err, detail)
	} else {
		detail = e.URL + ": " + detail
	}
	return words.summary, detail
}
