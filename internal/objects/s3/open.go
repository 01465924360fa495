package s3

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"

	"github.com/inlay-sync/inlay/internal/objects"
)

const (
	// attempts is how often a request is made unless AWS_MAX_ATTEMPTS says otherwise.
	attempts = 6
	// pause is the longest pause between two attempts.
	pause = 5 * time.Second
	// silence is how long a connection may pass no byte before its request counts as lost.
	silence = time.Minute
	// usualRegion is where a bucket is when nothing says so, as for stores that have no regions.
	usualRegion = "us-east-1"
)

// Access is how to reach a store, said outright. The zero Access leaves it to the process's
// environment and the shared configuration files of AWS.
type Access struct {
	Endpoint, ID, Secret string
}

func (a Access) options() []func(*config.LoadOptions) error {
	out := []func(*config.LoadOptions) error{config.WithHTTPClient(client()), config.WithLogger(logging.Nop{})}
	if a != (Access{}) {
		out = append(out, config.WithBaseEndpoint(a.Endpoint), config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(a.ID, a.Secret, "")))
	}
	return out
}

// Account opens places in buckets that one access reaches, and shares connections and
// credentials among them. The zero Account uses the access that the environment gives. It is
// safe for several goroutines, and asks the environment when a place is first opened.
type Account struct {
	Access Access

	once   sync.Once
	client *s3.Client
	creds  aws.CredentialsProvider
	err    error
}

// Open returns the store at a place. It asks the network nothing yet.
func (a *Account) Open(at objects.URL) (objects.Store, error) {
	a.once.Do(a.connect)
	if a.err != nil {
		return nil, &objects.Error{Kind: objects.Credentials, URL: at.String(), Err: a.err, Detail: "The AWS settings of this process cannot be used; mend the variables that begin with AWS_, or the file ~/.aws/config."}
	}
	return &Store{client: a.client, creds: a.creds, at: at}, nil
}

func (a *Account) connect() {
	cfg, err := config.LoadDefaultConfig(context.Background(), a.Access.options()...)
	if err != nil {
		a.err = err
		return
	}
	if cfg.Region == "" {
		cfg.Region = usualRegion
	}
	tries := cfg.RetryMaxAttempts
	if tries == 0 {
		tries = attempts
	}
	// Checksums beyond the signed one are new, and strange to many who speak S3.
	cfg.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	cfg.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	a.creds = cfg.Credentials
	a.client = s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil
		o.Retryer = retry.AddWithErrorCodes(retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff = tries, pause
		}), conflict, "OperationAborted")
	})
}

// client is an HTTP client that bounds no request in time, since parts are large and lines
// slow, but every silence.
func client() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		dial := t.DialContext
		t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &heard{c}, nil
		}
	})
}

// heard is a connection that ends when no byte passed for a while, in either direction.
type heard struct{ net.Conn }

func (c *heard) Read(p []byte) (int, error) {
	c.wait()
	return c.Conn.Read(p)
}

func (c *heard) Write(p []byte) (int, error) {
	c.wait()
	return c.Conn.Write(p)
}

// wait counts the silence anew. A connection that takes no deadline is closed already, and
// the reading or writing says so.
func (c *heard) wait() { _ = c.SetDeadline(time.Now().Add(silence)) }

// spanFrom is the range of an object that begins at a byte.
func spanFrom(at int64) string { return "bytes=" + strconv.FormatInt(at, 10) + "-" }
