package table

import (
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/condition"
	"github.com/inlay-sync/inlay/stream"
)

// condition counts changed rows for which a condition is false.
func (e *audit) condition(text string) (ExpectResult, error) {
	c, err := condition.Compile(text, func(column string) (condition.Kind, error) {
		i, err := e.leaf(column)
		if err != nil {
			return condition.Null, err
		}
		kind, _ := condition.KindOf(e.x.l.leaves[i].Kind) // a leaf is never nested
		return kind, nil
	})
	if err != nil {
		return ExpectResult{}, err
	}
	kinds := make([]stream.Kind, len(c.Columns))
	for i, name := range c.Columns {
		kinds[i] = e.x.l.leaves[e.x.l.flat(name)].Kind
	}
	row := make([]condition.Value, len(c.Columns))
	return e.breaking("condition "+text, c.Columns, func(v []parquet.Value) bool {
		for i := range kinds {
			row[i] = conditionValue(kinds[i], v[i])
		}
		return c.Fails(row)
	})
}

func conditionValue(k stream.Kind, v parquet.Value) condition.Value {
	if v.IsNull() {
		return condition.NullValue()
	}
	switch k {
	case stream.Int:
		return condition.IntValue(v.Int64())
	case stream.Timestamp:
		return condition.TimeValue(time.UnixMicro(v.Int64()))
	case stream.Float:
		return condition.FloatValue(v.Double())
	case stream.Bool:
		return condition.BoolValue(v.Boolean())
	}
	return condition.TextValue(string(v.ByteArray()))
}
