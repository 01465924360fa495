package stream_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/inlay-sync/inlay/stream"
)

// TestShapeOfNestedColumns retypes columns that hold more than a scalar, and one whose list
// the service wraps.
func TestShapeOfNestedColumns(t *testing.T) {
	s := stream.Stream{
		Name: "users", Places: map[string][]string{"tags": {"tags", "data"}},
		Columns: []stream.Column{
			{Name: "id", Type: stream.Scalar(stream.String)},
			{Name: "tags", Type: stream.ListOf(stream.Scalar(stream.String))},
			{Name: "open", Type: stream.Scalar(stream.JSON)},
		},
	}
	for _, c := range []struct {
		column, kind string
		text, fits   bool
	}{
		{"tags", "string", true, true}, {"tags", "json", false, true}, {"tags", "int", false, false}, {"tags", "timestamp", false, false},
		{"open", "string", true, true}, {"open", "json", false, true}, {"open", "int", false, true}, {"id", "string", false, true},
	} {
		sh, err := s.Shape(nil, []stream.Override{{Name: c.column, Type: c.kind}}, nil)
		if !c.fits {
			if !errors.As(err, new(*stream.ShapeError)) {
				t.Errorf("%s as %s: %v", c.column, c.kind, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s as %s: %v", c.column, c.kind, err)
			continue
		}
		i := slices.IndexFunc(sh.Fields, func(f stream.Field) bool { return f.Name == c.column })
		if f := sh.Fields[i]; string(f.Type.Kind) != c.kind || f.Text != c.text {
			t.Errorf("%s as %s is %+v", c.column, c.kind, f)
		}
		if f := sh.Fields[1]; !slices.Equal(f.From, []string{"tags"}) || !slices.Equal(f.At, []string{"tags", "data"}) {
			t.Errorf("the list stands at %v of %v", f.At, f.From)
		}
	}
}
