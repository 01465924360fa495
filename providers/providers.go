// Package providers defines the contract between inlay and a service: a Provider declares
// what a connection and a source can be set to and which streams the service has, and
// opens Sessions that read them.
//
// A provider touches the network and nothing else of ours: it takes settings and
// bookmarks as values and yields batches. It keeps no position, writes no table and asks
// nobody back.
package providers

import (
	"context"
	"iter"
	"time"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// Provider is one service.
type Provider interface {
	// Name is the label of its blocks: connection "intercom".
	Name() string
	// Doc is one sentence about the service.
	Doc() string
	// ConnectionSettings declares the connection block, ephemeral settings included.
	ConnectionSettings() []setting.Setting
	// SourceSettings declares the source block beyond connection and stream, which every source has.
	SourceSettings() []setting.Setting
	// Streams lists what the service offers at the API version that the connection
	// settings name, in the order in which people should meet them.
	Streams(connection setting.Values) []stream.Stream
	// Open makes a session. It makes no request. An error is an *Error.
	Open(ctx context.Context, c Connection) (Session, error)
}

// Connection is what a session is opened with.
type Connection struct {
	Address  string // for messages
	Settings setting.Values
	Secrets  setting.Secrets
	// Tokens are stored sign-ins, by account, for an oauth block; see Authorizer.
	Tokens map[string]setting.Secret
	World  World
}

// World is the outside as a provider may see it.
type World struct {
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	// UserAgent names inlay and its version.
	UserAgent string
	// Log receives one line per retry, wait and surprise; never nil. It must not be given a secret.
	Log func(level, message string, attrs ...any)
}

// Session reads one account. It is safe for concurrent use: several reads share its rate
// limit. Close ends it and whatever it started.
type Session interface {
	// Identity asks who the credentials belong to.
	Identity(ctx context.Context) (Workspace, error)
	// Read yields the batches of all reads of the request. The rows of one read come in
	// an order such that its bookmarks and resume points never run ahead of its rows. An
	// error ends the read it belongs to (a *Error carries which); the sequence goes on with
	// the others. Breaking out of the loop stops the requests.
	Read(ctx context.Context, r Request) iter.Seq2[stream.Batch, error]
	// Count asks how many rows a read would give; -1 when the service cannot say.
	Count(ctx context.Context, r Read) (int64, error)
	// Calls is how many requests the session has made, and how many of them were retries.
	Calls() Calls
	Close() error
}

// Workspace is the account behind the credentials.
type Workspace struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Region   string `json:"region"`
	Timezone string `json:"timezone"`
}

// Budgeted is implemented by a Session that learns what the service lets it ask.
type Budgeted interface {
	// Budget is what is known now of the service's rate limit; false before the first answer
	// that told of one.
	Budget() (Budget, bool)
}

// Budget is a service's rate limit for one token, and what is left of it.
type Budget struct {
	Limit     int       // requests in a window
	Remaining int       // of them, not yet made by anybody in this window
	Reset     time.Time // when the window ends by our clock; all is left from then on
}

// Calls are requests so far.
type Calls = stream.Calls

// Request is a group of reads that may share their requests: same session and same query.
type Request struct{ Reads []Read }

// Read is one source as one target wants it.
type Read struct {
	Stream   string
	Settings setting.Values // the source's settings
	Shape    stream.Shape
	// HashKey keys the hash of fields whose Shape says so; never nil when one does.
	HashKey setting.Secret
	// From is where an incremental read starts; "" is the beginning (or Since).
	From stream.Bookmark
	// Full reads everything whatever From says.
	Full bool
	// Since bounds the beginning: rows older by the cursor are not wanted. Zero: no bound.
	Since time.Time
	// Until bounds a backfill: rows at or after it are already there. Zero: no bound.
	Until time.Time
	// Resume is where an interrupted attempt of this same read left off; "" to start.
	Resume stream.Bookmark
	// Started is when the first attempt of this run began: the bookmark never passes it.
	Started time.Time
	// Deletions asks for the keys of rows that the service says were deleted, in
	// Batch.Deleted, where the stream has a DeletionFeed. A read of everything may leave them
	// out: what it does not hold is gone.
	Deletions bool
}

// Bookmarks lets plan and people read bookmarks without knowing their form.
// A Provider implements it when it has streams with cursors.
type Bookmarks interface {
	// Compare orders two bookmarks of one stream; "" comes first.
	Compare(a, b stream.Bookmark) int
	// Describe writes the position for people: "2026-11-23 00:10:00 UTC".
	Describe(b stream.Bookmark) string
}

// Explainer is implemented by a provider that can say where its rows come from.
type Explainer interface {
	// Origin is false of a stream that there is not.
	Origin(stream string) (Origin, bool)
}

// Origin is where the rows of a stream come from, for people: the requests that give them
// and the permission that the credentials need.
type Origin struct {
	Endpoint, Permission string
}

// Authorizer is implemented by a provider that has a sign-in flow.
type Authorizer interface {
	// AuthURL is where a person signs in; state must come back unchanged.
	AuthURL(c Connection, state string) (string, error)
	// Exchange trades the code in the URL that the service redirected to for a token. It
	// refuses a URL whose state differs.
	Exchange(ctx context.Context, c Connection, redirected, state string) (setting.Secret, Workspace, error)
	// LoginNote is what a person must know before they start.
	LoginNote() string
}

// Checker is implemented by a provider that has something to say about a connection as a
// whole: settings that exclude each other, numbers out of range.
type Checker interface {
	// Check looks at a connection's storable settings, defaults filled in. written says
	// whether a setting was written ("oauth", "oauth.account"), ephemeral ones included. It is
	// pure and asks nobody, so that a mistake shows where the configuration is checked.
	Check(settings setting.Values, written func(name string) bool) []Finding
}

// Finding is what a Checker has to say about one setting.
type Finding struct {
	Setting string // the one to blame; when it was not written, the connection is
	Detail  string // full sentences: what is wrong, why, what to do
	Warning bool   // the connection works as it is
}

// Discoverer is implemented by a Session that can say what its account lets it read.
type Discoverer interface {
	// Discover tries every stream that the connection offers, with a few requests each, and
	// tells them in the order in which people should meet them. A stream that the account
	// refuses is an Offer that says so; an error is what keeps all from being told.
	Discover(ctx context.Context) ([]Offer, error)
}

// Offer is one stream as an account has it.
type Offer struct {
	Stream string
	// Without says in full sentences why the stream is better left out or cannot be read; ""
	// when it can.
	Without string
	// Notes are full sentences that a person should know who reads it.
	Notes []string
	// Promotions are values inside the stream's open columns that the account declares.
	Promotions []Promotion
}

// Promotion is a value inside an open column that can be a column of its own.
type Promotion struct {
	From []string // where it stands: "custom_attributes", "plan"
	Type stream.Kind
	Doc  string
}

// Prober is implemented by a Session that can say beforehand what reads would cost.
type Prober interface {
	// Estimate says what a Read of the same request would give and take, in the order of
	// its reads, and asks far fewer requests than that. A read that the service refuses is an
	// Estimate that says so; an error is what keeps all from being told.
	Estimate(ctx context.Context, r Request) ([]Estimate, error)
	// Try finds out with a request or two whether the credentials may read a stream. The
	// error is the refusal.
	Try(ctx context.Context, stream string) error
	// PerSecond is how many requests the session may make in a second at length; 0 while the
	// service has not said.
	PerSecond() float64
}

// Estimate is what one read would give and take.
type Estimate struct {
	// Rows is how many rows the read would give, and Calls how many requests it would make,
	// those that it shares with an earlier read of the group left out; -1 where it cannot be told.
	Rows, Calls int64
	// About is set where the numbers were projected from a part or are the most there can be.
	About   bool
	Refused *Error // why it cannot be read; nil when it can
}
