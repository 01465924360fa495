package table

import (
	"time"

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
	values := make([]condition.Value, len(c.Columns))
	return e.breaking("condition "+text, c.Columns, func(v []*stream.Vector, row int) bool {
		for i := range values {
			values[i] = conditionValue(v[i], row)
		}
		return c.Fails(values)
	})
}

func conditionValue(v *stream.Vector, i int) condition.Value {
	if v.Null(i) {
		return condition.NullValue()
	}
	switch v.Kind {
	case stream.Int:
		return condition.IntValue(v.Ints[i])
	case stream.Timestamp:
		return condition.TimeValue(time.UnixMicro(v.Ints[i]))
	case stream.Float:
		return condition.FloatValue(v.Floats[i])
	case stream.Bool:
		return condition.BoolValue(v.Bools[i])
	}
	return condition.TextValue(v.Strs[i])
}
