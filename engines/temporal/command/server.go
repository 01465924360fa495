package command

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"

	cliflag "github.com/urfave/cli/v3"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"github.com/inlay-sync/inlay/project"

	"github.com/inlay-sync/inlay/engines/temporal/deployment"
)

// server are the flags that say where Temporal is.
type server struct{ address, namespace, queue string }

func (f *server) flags(world project.World) []cliflag.Flag {
	return []cliflag.Flag{
		&cliflag.StringFlag{Name: "address", Usage: "where Temporal answers: `HOST:PORT`", Value: set(world, "TEMPORAL_ADDRESS", client.DefaultHostPort), Destination: &f.address},
		&cliflag.StringFlag{Name: "namespace", Usage: "the `NAMESPACE` there", Value: set(world, "TEMPORAL_NAMESPACE", client.DefaultNamespace), Destination: &f.namespace},
		&cliflag.StringFlag{Name: "queue", Usage: "the task queue of the workers: `NAME`", Value: "inlay", Destination: &f.queue},
	}
}

// set is a variable of the environment, or another value where it is not set.
func set(world project.World, name, otherwise string) string {
	if v, ok := world.Env(name); ok && v != "" {
		return v
	}
	return otherwise
}

// dial reaches the server, and closes nothing: the caller does.
func (f *server) dial(ctx context.Context, world project.World, logger *slog.Logger) (client.Client, error) {
	o := client.Options{HostPort: f.address, Namespace: f.namespace, Logger: log.NewStructuredLogger(logger)}
	key := set(world, "TEMPORAL_API_KEY", "")
	if key != "" {
		o.Credentials = client.NewAPIKeyStaticCredentials(key)
	}
	var err error
	if o.ConnectionOptions.TLS, err = encryption(world, key != ""); err != nil {
		return nil, err
	}
	c, err := client.DialContext(ctx, o)
	if err != nil && !errors.Is(err, context.Canceled) {
		err = &deployment.Error{Err: fmt.Errorf("%s: %w", f.address, err)}
	}
	return c, err
}

// encryption is how the connection is encrypted: as the variables of Temporal's own tools
// say, and always where a key is sent; nil is not at all.
func encryption(world project.World, always bool) (*tls.Config, error) {
	const cert, key, authority = "TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_KEY_PATH", "TEMPORAL_TLS_SERVER_CA_CERT_PATH"
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: set(world, "TEMPORAL_TLS_SERVER_NAME", "")}
	wanted, err := strconv.ParseBool(set(world, "TEMPORAL_TLS", "false"))
	if err != nil {
		return nil, refused("TEMPORAL_TLS is neither true nor false. Set it to true, or remove it.")
	}
	wanted = wanted || always || c.ServerName != ""
	if path := set(world, authority, ""); path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, refused("The file that %s names cannot be read: %v. Name the certificate of the authority that signed the server's.", authority, err)
		}
		c.RootCAs, wanted = x509.NewCertPool(), true
		if !c.RootCAs.AppendCertsFromPEM(text) {
			return nil, refused("The file %s, which %s names, holds no certificate in PEM form.", path, authority)
		}
	}
	if path := set(world, cert, ""); path != "" {
		pair, err := tls.LoadX509KeyPair(path, set(world, key, ""))
		if err != nil {
			return nil, refused("The client's certificate cannot be used: %v. %s and %s name the two files that belong together.", err, cert, key)
		}
		c.Certificates, wanted = []tls.Certificate{pair}, true
	}
	if !wanted {
		return nil, nil
	}
	return c, nil
}

func refused(detail string, args ...any) error {
	return &project.Error{Kind: project.Refused, Summary: "Temporal cannot be asked", Detail: fmt.Sprintf(detail, args...)}
}
