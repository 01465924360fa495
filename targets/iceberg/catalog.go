package iceberg

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"

	ice "github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	"github.com/apache/iceberg-go/catalog/glue"
	"github.com/apache/iceberg-go/catalog/rest"
	sqlcatalog "github.com/apache/iceberg-go/catalog/sql"
	iceio "github.com/apache/iceberg-go/io"
	_ "github.com/apache/iceberg-go/io/gocloud/s3" // files at s3://
	"github.com/aws/aws-sdk-go-v2/config"
	_ "github.com/lib/pq"  // postgres
	_ "modernc.org/sqlite" // sqlite
)

// opened is a catalog in which something is done, and how it is let go.
type opened struct {
	catalog.Catalog
	release func() error
}

func (p *publisher) open(ctx context.Context, at place) (opened, error) {
	switch at.settings.String("type") {
	case typeREST:
		return p.openREST(ctx, at)
	case typeGlue:
		return p.openGlue(ctx)
	}
	return p.openSQL(ctx, at)
}

func (p *publisher) openREST(ctx context.Context, at place) (opened, error) {
	options := []rest.Option{
		rest.WithWarehouseLocation(at.settings.String("warehouse")), rest.WithScope(at.settings.String("scope")),
		rest.WithOAuthToken(p.world.Secrets["catalog.token"].Reveal()), rest.WithCredential(p.world.Secrets["catalog.credential"].Reveal()),
		rest.WithAdditionalProps(p.files(ctx)),
	}
	if text := at.settings.String("oauth_uri"); text != "" {
		u, err := url.Parse(text)
		if err != nil {
			return opened{}, err
		}
		options = append(options, rest.WithAuthURI(u))
	}
	c, err := rest.NewCatalog(ctx, "inlay", at.settings.String("uri"), options...)
	if err != nil {
		return opened{}, err
	}
	return opened{c, c.Close}, nil
}

func (p *publisher) openGlue(ctx context.Context) (opened, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return opened{}, err
	}
	c, err := glue.NewCatalog(glue.WithAwsConfig(cfg), glue.WithAwsProperties(glue.AwsProperties(p.files(ctx))))
	return opened{c, func() error { return nil }}, err
}

func (p *publisher) openSQL(ctx context.Context, at place) (opened, error) {
	uri := at.settings.String("uri")
	driver, dialect := "postgres", sqlcatalog.Postgres
	if file, ok := strings.CutPrefix(uri, "sqlite:"); ok {
		if !filepath.IsAbs(file) {
			file = filepath.Join(p.world.Dir, file)
		}
		driver, dialect = "sqlite", sqlcatalog.SQLite
		uri = "file:" + (&url.URL{Path: file}).EscapedPath() + "?_pragma=busy_timeout(10000)&_txlock=immediate"
	}
	db, err := sql.Open(driver, uri)
	if err != nil {
		return opened{}, err
	}
	props := p.files(ctx)
	props["init_catalog_tables"] = "true"
	c, err := sqlcatalog.NewCatalog(at.settings.String("name"), db, dialect, props)
	if err != nil {
		_ = db.Close() // nothing was done in it
		return opened{}, err
	}
	return opened{c, db.Close}, nil
}

// usualRegion is where a bucket is when nothing says so, as for stores that have no regions.
const usualRegion = "us-east-1"

// files are the properties by which files are read and written: as everywhere in inlay, the
// settings of AWS say where the store is. What is wrong with those settings is said by whoever
// needs them.
func (p *publisher) files(ctx context.Context) ice.Properties {
	props := ice.Properties{}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return props
	}
	if cfg.Region == "" {
		props[iceio.S3Region] = usualRegion
	}
	if url, ok := p.world.Env("AWS_ENDPOINT_URL_S3"); ok && url != "" {
		props[iceio.S3EndpointURL] = url
	} else if cfg.BaseEndpoint != nil {
		props[iceio.S3EndpointURL] = *cfg.BaseEndpoint
	}
	return props
}
