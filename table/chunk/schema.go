package chunk

import (
	"bytes"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// Schema is a schema in the form that a file holds it in: that of an empty file.
func Schema(s *parquet.Schema) ([]format.SchemaElement, error) {
	var empty bytes.Buffer
	if err := parquet.NewWriter(&empty, s).Close(); err != nil {
		return nil, err
	}
	f, err := parquet.OpenFile(bytes.NewReader(empty.Bytes()), int64(empty.Len()))
	if err != nil {
		return nil, err
	}
	return f.Metadata().Schema, nil
}

// paths are the names from the top to each leaf of a schema.
func paths(schema []format.SchemaElement) [][]string {
	var out [][]string
	next := 1
	var walk func(above []string, children int32)
	walk = func(above []string, children int32) {
		for range children {
			e := &schema[next]
			next++
			path := append(slices.Clone(above), e.Name)
			if e.NumChildren.Valid && e.NumChildren.V > 0 {
				walk(path, e.NumChildren.V)
				continue
			}
			out = append(out, path)
		}
	}
	walk(nil, schema[0].NumChildren.V)
	return out
}
