package decode

import (
	"bytes"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/stream"
)

// reference decodes an object the slow way: encoding/json to a map, then the rules.
type reference struct {
	sh      stream.Shape
	cols    map[string]any
	misfits int64
	unknown int64
}

// hashOfNested stands for the hash of an object or array, whose text a map has lost.
type hashOfNested struct{}

func refer(sh stream.Shape, object map[string]any) (*reference, map[string]any) {
	r := &reference{sh: sh, cols: map[string]any{}}
	return r, r.members(object, nil, true)
}

func (r *reference) fieldsAt(path []string) (at []stream.Field, below bool) {
	for _, f := range r.sh.Fields {
		if slices.Equal(f.From, path) {
			at = append(at, f)
		} else if len(f.From) > len(path) && slices.Equal(f.From[:len(path)], path) {
			below = true
		}
	}
	return at, below
}

func (r *reference) omitted(path []string) bool {
	return slices.ContainsFunc(r.sh.Omit, func(o []string) bool { return slices.Equal(o, path) })
}

// dropped is omitted, or hashed elsewhere.
func (r *reference) dropped(path []string) bool {
	at, _ := r.fieldsAt(path)
	return r.omitted(path) || slices.ContainsFunc(at, func(f stream.Field) bool { return f.Hash })
}

// members returns what of an object that is no column is left for the rest; nil for nothing.
func (r *reference) members(object map[string]any, path []string, keep bool) map[string]any {
	rest := map[string]any{}
	for name, v := range object {
		if left := r.place(v, append(slices.Clone(path), name), keep); left != nil {
			rest[name] = left
		}
	}
	if len(rest) == 0 {
		return nil
	}
	return rest
}

func (r *reference) place(v any, path []string, keep bool) any {
	if v == nil {
		return nil
	}
	keep = keep && !r.omitted(path)
	at, below := r.fieldsAt(path)
	object, isObject := v.(map[string]any)
	var left any
	switch {
	case len(at) > 0:
		for i, f := range at {
			l := r.column(f, v, path, keep && i == 0)
			if keep && i == 0 {
				left = l
			}
		}
		if below && isObject {
			r.members(object, path, false)
		}
	case below && isObject:
		if m := r.members(object, path, keep); m != nil {
			left = m
		}
	case below && keep:
		r.misfits++
		left = r.strip(v, path)
	case !below && keep:
		if left = r.remnant(v, path); left != nil {
			r.unknown++
		}
	}
	return left
}

func (r *reference) column(f stream.Field, v any, path []string, keep bool) any {
	if f.Hash {
		switch v := v.(type) {
		case string:
			r.cols[f.Name] = hmacHex(v)
		case json.Number:
			r.cols[f.Name] = hmacHex(v.String())
		case bool:
			r.cols[f.Name] = hmacHex(strconv.FormatBool(v))
		default:
			r.cols[f.Name] = hashOfNested{}
		}
		return nil
	}
	fit, left := r.fit(f.Type, v, path, keep)
	r.cols[f.Name] = fit
	return left
}

// remnant is what strip leaves, nil for an object that it emptied.
func (r *reference) remnant(v any, path []string) any {
	out := r.strip(v, path)
	before, _ := v.(map[string]any)
	if after, is := out.(map[string]any); is && len(after) == 0 && len(before) > 0 {
		return nil
	}
	return out
}

// strip removes from v, which stands at path, what must appear nowhere.
func (r *reference) strip(v any, path []string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, e := range v {
			if p := append(slices.Clone(path), name); !r.dropped(p) {
				out[name] = r.strip(e, p)
			}
		}
		return out
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, r.strip(e, path))
		}
		return out
	}
	return v
}

func (r *reference) fit(t stream.Type, v any, path []string, keep bool) (fit, left any) {
	if v == nil {
		return nil, nil
	}
	ok := true
	switch t.Kind {
	case stream.List:
		if list, is := v.([]any); is {
			return r.fitList(t, list, path, keep)
		}
		ok = false
	case stream.Struct:
		if object, is := v.(map[string]any); is {
			return r.fitStruct(t, object, path, keep)
		}
		ok = false
	case stream.JSON:
		return r.strip(v, path), nil
	default:
		fit, ok = fitScalar(t.Kind, v)
	}
	if ok {
		return fit, nil
	}
	r.misfits++
	return nil, r.remnant(v, path)
}

func (r *reference) fitList(t stream.Type, list []any, path []string, keep bool) (any, any) {
	out := []any{}
	var rest []any
	for i, e := range list {
		fit, left := r.fit(*t.Elem, e, path, keep)
		out = append(out, fit)
		if left != nil {
			for len(rest) < i {
				rest = append(rest, nil)
			}
			rest = append(rest, left)
		}
	}
	if rest == nil {
		return out, nil
	}
	return out, rest
}

func (r *reference) fitStruct(t stream.Type, object map[string]any, path []string, keep bool) (any, any) {
	rest := map[string]any{}
	var out record
	declared := map[string]bool{}
	for _, f := range t.Fields {
		p := append(slices.Clone(path), f.Name)
		declared[f.Name] = true
		out.names = append(out.names, f.Name)
		var fit, left any
		if !r.dropped(p) {
			fit, left = r.fit(f.Type, object[f.Name], p, keep)
		}
		out.values = append(out.values, fit)
		if left != nil {
			rest[f.Name] = left
		}
	}
	for name, v := range object {
		p := append(slices.Clone(path), name)
		if v == nil || declared[name] || r.dropped(p) || !keep {
			continue
		}
		if left := r.remnant(v, p); left != nil {
			r.unknown++
			rest[name] = left
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	return out, rest
}

func fitScalar(k stream.Kind, v any) (any, bool) {
	switch v := v.(type) {
	case string:
		switch k {
		case stream.String:
			return v, true
		case stream.Int:
			n, err := strconv.ParseInt(v, 10, 64)
			return n, err == nil && strconv.FormatInt(n, 10) == v
		case stream.Timestamp:
			return referISO(v)
		}
	case bool:
		switch k {
		case stream.String:
			return strconv.FormatBool(v), true
		case stream.Bool:
			return v, true
		}
	case json.Number:
		switch k {
		case stream.String:
			return v.String(), true
		case stream.Int:
			return referInt(v.String())
		case stream.Float:
			return referFloat(v.String())
		case stream.Timestamp:
			n, ok := referInt(v.String())
			if !ok {
				return nil, false
			}
			switch abs := new(big.Int).Abs(big.NewInt(n)); {
			case abs.Cmp(big.NewInt(1e11)) < 0:
				return n * 1e6, true
			case abs.Cmp(big.NewInt(1e14)) < 0:
				return n * 1e3, true
			}
		}
	}
	return nil, false
}

// rational is the exact value of a JSON number; false if its exponent is beyond reason.
func rational(text string) (*big.Rat, bool) {
	mantissa, exponent, has := strings.Cut(strings.ToLower(text), "e")
	r, ok := new(big.Rat).SetString(mantissa)
	if !ok || !has || r.Sign() == 0 {
		return r, ok
	}
	e, err := strconv.Atoi(exponent)
	if err != nil || e > 5000 || e < -5000 {
		return nil, false
	}
	p := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(e, -e))), nil))
	if e < 0 {
		p.Inv(p)
	}
	return r.Mul(r, p), true
}

func referInt(text string) (int64, bool) {
	r, ok := rational(text)
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	return r.Num().Int64(), true
}

// referFloat rounds the double to as many digits as the text has, in exact arithmetic.
func referFloat(text string) (any, bool) {
	f, err := strconv.ParseFloat(text, 64)
	want, ok := rational(text)
	if err != nil || !ok {
		return nil, false
	}
	if want.Sign() == 0 {
		return f, true
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	digits := strings.Trim(strings.NewReplacer(".", "", "-", "").Replace(mantissa), "0")
	if len(digits) > 800 {
		return nil, false
	}
	integer, _ := new(big.Rat).SetString(digits)
	scale := new(big.Rat).Quo(integer, new(big.Rat).Abs(want))
	got := new(big.Rat).Mul(new(big.Rat).Abs(new(big.Rat).SetFloat64(f)), scale)
	off := got.Sub(got, integer)
	half := off.Abs(off).Cmp(big.NewRat(1, 2))
	return f, half < 0 || half == 0 && integer.Num().Bit(0) == 0 // a number in the middle is written as the even one
}

var isoForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)$`)

func referISO(text string) (any, bool) {
	if !isoForm.MatchString(text) {
		return nil, false
	}
	text = strings.Replace(strings.ToUpper(text), " ", "T", 1)
	for _, clock := range []string{"15:04:05", "15:04"} {
		for _, zone := range []string{"Z07:00", "Z0700", "Z07"} {
			if t, err := time.Parse("2006-01-02T"+clock+zone, text); err == nil {
				return t.UnixMicro(), true
			}
		}
	}
	return nil, false
}

func parse(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}
