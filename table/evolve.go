package table

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// evolution says where the columns of a new layout come from in files of an older one.
type evolution struct {
	alias   map[string]string     // column -> its older name
	derived map[string]derivation // column -> how it is made from another
	strip   map[string][][]string // JSON column -> paths inside it that must go
	blank   map[string]bool       // leaves, by path, whose values must go
	removes bool                  // values go that older snapshots still have
	upload  parquet.Value         // the upload time of rows that have none
}

// derivation makes a plain column from a plain column of the file.
type derivation struct {
	column string // of the file
	path   []string
	make   func(stream.Kind, parquet.Value) parquet.Value
}

// newEvolution compares the shape of the head with that of the layout.
func newEvolution(head Manifest, l *layout, key setting.Secret) (*evolution, error) {
	e := &evolution{alias: map[string]string{}, derived: map[string]derivation{}, strip: map[string][][]string{}, blank: map[string]bool{}}
	uploaded := head.Started
	if uploaded.IsZero() {
		uploaded = head.Committed
	}
	e.upload = parquet.Int64Value(micros(uploaded))
	was := head.Spec.Shape.Fields
	for _, f := range l.spec.Shape.Fields {
		if err := e.field(f, was, head.Columns, key); err != nil {
			return nil, err
		}
	}
	for _, o := range l.spec.Shape.Omit {
		if !slices.ContainsFunc(head.Spec.Shape.Omit, func(p []string) bool { return slices.Equal(p, o) }) {
			e.take(o, was)
		}
	}
	for _, f := range was {
		if !slices.ContainsFunc(l.spec.Shape.Fields, func(g stream.Field) bool { return slices.Equal(g.From, f.From) }) {
			e.removes = true
		}
	}
	e.addedTime(l)
	return e, nil
}

func (e *evolution) field(f stream.Field, was []stream.Field, columns []stream.Column, key setting.Secret) error {
	kind := f.Type.Kind
	i := slices.IndexFunc(was, func(o stream.Field) bool { return slices.Equal(o.From, f.From) })
	if i >= 0 {
		old := was[i]
		switch {
		case f.Hash && !old.Hash:
			if key.IsZero() {
				return fmt.Errorf("the column %q is to be hashed, and there is no hash_key to do it with", f.Name)
			}
			e.derived[f.Name] = derivation{column: old.Name, make: hashWith(key)}
			e.take(f.From, was)
			e.removes = true
		case old.Name != f.Name:
			e.alias[f.Name] = old.Name
		}
		return nil
	}
	if kind == stream.List || kind == stream.Struct {
		return nil // a nested column that is new has no rows of its own to come from
	}
	d := derivation{column: stream.Rest, path: f.From, make: fromJSON(f.From, kind)}
	if r := slices.IndexFunc(was, func(o stream.Field) bool { return len(o.From) == 1 && o.From[0] == f.From[0] && !o.Hash }); r >= 0 && len(f.From) > 1 {
		switch was[r].Type.Kind {
		case stream.JSON:
			d = derivation{column: was[r].Name, make: fromJSON(f.From[1:], kind)}
		case stream.Struct:
			d = derivation{column: was[r].Name, path: f.From[1:], make: func(k stream.Kind, v parquet.Value) parquet.Value {
				if convert := conversion(k, kind); convert != nil {
					return convert(v)
				}
				return v
			}}
		}
	} else {
		d.path = nil
		e.strip[stream.Rest] = append(e.strip[stream.Rest], f.From)
	}
	if f.Hash {
		if key.IsZero() {
			return fmt.Errorf("the column %q is to be hashed, and there is no hash_key to do it with", f.Name)
		}
		d.make = chain(d.make, hashWith(key))
		e.take(f.From, was)
		e.removes = true
	}
	e.derived[f.Name] = d
	return nil
}

// take removes the value at a path of the service's object from everywhere else: from
// inside JSON and struct columns, and from the rest.
func (e *evolution) take(path []string, was []stream.Field) {
	e.strip[stream.Rest] = append(e.strip[stream.Rest], path)
	for _, f := range was {
		if len(f.From) >= len(path) || !slices.Equal(f.From, path[:len(f.From)]) {
			continue
		}
		inside := path[len(f.From):]
		switch f.Type.Kind {
		case stream.JSON:
			e.strip[f.Name] = append(e.strip[f.Name], inside)
		case stream.Struct:
			e.blank[strings.Join(append([]string{f.Name}, inside...), "\x00")] = true
		}
	}
	e.removes = true
}

// addedTime says how the added time column is made, where it is read from another.
func (e *evolution) addedTime(l *layout) {
	if l.added < 0 || l.addsUploadTime() {
		return
	}
	block := l.spec.Target.Block("time")
	from := block.String("from")
	if was, ok := e.alias[from]; ok {
		from = was
	}
	e.derived[l.leaves[l.added].Path[0]] = derivation{column: from, make: func(k stream.Kind, v parquet.Value) parquet.Value {
		one := stream.Vector{Kind: k, MaxDef: 1}
		appendVector(&one, []parquet.Value{v.Level(0, 1, 0)})
		if at, ok := l.timeOf(&one, 0, block.String("format")); ok {
			return parquet.Int64Value(at)
		}
		return parquet.Value{}
	}}
}

func hashWith(key setting.Secret) func(stream.Kind, parquet.Value) parquet.Value {
	return func(k stream.Kind, v parquet.Value) parquet.Value {
		h := hmac.New(sha256.New, []byte(key.Reveal()))
		h.Write([]byte(textOf(k, v))) // a hash never fails
		return parquet.ByteArrayValue([]byte(hex.EncodeToString(h.Sum(nil))))
	}
}

func chain(first, second func(stream.Kind, parquet.Value) parquet.Value) func(stream.Kind, parquet.Value) parquet.Value {
	return func(k stream.Kind, v parquet.Value) parquet.Value {
		if v = first(k, v); v.IsNull() {
			return v
		}
		return second(stream.String, v)
	}
}

// fromJSON takes the value at a path out of a JSON text.
func fromJSON(path []string, kind stream.Kind) func(stream.Kind, parquet.Value) parquet.Value {
	return func(_ stream.Kind, v parquet.Value) parquet.Value {
		raw := json.RawMessage(v.ByteArray())
		for _, name := range path {
			var object map[string]json.RawMessage
			if json.Unmarshal(raw, &object) != nil || object[name] == nil {
				return parquet.Value{}
			}
			raw = object[name]
		}
		return jsonValue(bytes.TrimSpace(raw), kind)
	}
}

// jsonValue is a JSON text as a value of a kind; null when it does not fit.
func jsonValue(raw []byte, kind stream.Kind) parquet.Value {
	if len(raw) == 0 || string(raw) == "null" {
		return parquet.Value{}
	}
	text, isText := string(raw), false
	if raw[0] == '"' {
		isText = json.Unmarshal(raw, &text) == nil
	}
	switch kind {
	case stream.JSON:
		return parquet.ByteArrayValue(bytes.Clone(raw))
	case stream.String:
		return parquet.ByteArrayValue([]byte(text))
	case stream.Bool:
		if b, err := strconv.ParseBool(text); err == nil && !isText {
			return parquet.BooleanValue(b)
		}
	case stream.Int:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return parquet.Int64Value(n)
		}
	case stream.Float:
		if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return parquet.DoubleValue(f)
		}
	case stream.Timestamp:
		if t, err := time.Parse(time.RFC3339Nano, text); isText && err == nil {
			return parquet.Int64Value(t.UnixMicro())
		}
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			if at, ok := unixMicros(n, TimeUnix); ok {
				return parquet.Int64Value(at)
			}
		}
	}
	return parquet.Value{}
}

// without removes paths from a JSON text; a text that is left without members is null.
func without(text []byte, paths [][]string) parquet.Value {
	changed := false
	var out json.RawMessage = text
	for _, p := range paths {
		next, did := cutPath(out, p)
		if did {
			out, changed = next, true
		}
	}
	if !changed {
		return parquet.ByteArrayValue(text)
	}
	if string(out) == "{}" {
		return parquet.Value{}
	}
	return parquet.ByteArrayValue(out)
}

func cutPath(raw json.RawMessage, path []string) (json.RawMessage, bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object[path[0]] == nil {
		return raw, false
	}
	if len(path) == 1 {
		delete(object, path[0])
	} else {
		inner, did := cutPath(object[path[0]], path[1:])
		if !did {
			return raw, false
		}
		object[path[0]] = inner
	}
	out, err := json.Marshal(object)
	return out, err == nil
}

// evolvedInputs are the head's parts, found under the new names of their columns.
func (x *Txn) evolvedInputs() []*input {
	list := x.t.inputs(x.head)
	for _, in := range list {
		in.alias, in.evolution = x.evolution.alias, x.evolution
	}
	return list
}
