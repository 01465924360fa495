package state

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

func address(t testing.TB, text string) addr.Address {
	t.Helper()
	a, err := addr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func shape() stream.Shape {
	var s stream.Shape
	for _, name := range []string{"id", "email", "created_at", "updated_at", "custom_attributes"} {
		s.Fields = append(s.Fields, stream.Field{
			Column: stream.Column{Name: name, Type: stream.Scalar(stream.String), Doc: "what the service calls " + name},
			From:   []string{name},
		})
	}
	return s
}

// example is a state with one of everything.
func example(t testing.TB) *State {
	acme, users := address(t, "connection.intercom.acme"), address(t, "source.intercom.users")
	nightly, target := address(t, "schedule.nightly"), address(t, `target.parquet.all["a.b\"c"]`)
	return &State{
		Format: Format, Lineage: "4f2a", Serial: 7, Version: "0.1.0",
		Connections: map[addr.Address]Connection{acme: {Provider: "intercom", Settings: setting.Values{"region": "eu", "rate_limit": 0.9}}},
		Sources:     map[addr.Address]Source{users: {Connection: acme, Settings: setting.Values{"stream": "users", "n": int64(1) << 60}, Enabled: true}},
		Targets: map[addr.Address]Target{target: {
			Source: users, Connection: acme, Schedule: &nightly, ScheduledAt: time.Date(2026, 11, 23, 15, 0, 0, 1000, time.UTC),
			Spec: spec.Spec{
				Provider: "intercom", Connection: setting.Values{"region": "eu"}, Source: setting.Values{"stream": "users"},
				Target: setting.Values{"mode": "append", "columns": []any{"*", "-body"}, "time": map[string]any{"from": "x", "n": int64(3)}},
				Shape:  shape(), Key: []string{"id"},
			},
			Table: "7Q2M", Path: "crm/users", Enabled: true, OnRemove: "keep", PreventDestroy: true,
		}},
		Schedules: map[addr.Address]Schedule{nightly: {Settings: setting.Values{"cron": "10 0 * * *", "paused": false}}},
		Outputs:   map[string]any{"path": "<a&b>", "list": []any{int64(1), 1.5, nil}},
	}
}

func mustEncode(t testing.TB, s *State) []byte {
	t.Helper()
	data, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRoundTrip(t *testing.T) {
	want := example(t)
	data := mustEncode(t, want)
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if again := mustEncode(t, got); !bytes.Equal(again, data) {
		t.Errorf("written again it is\n%s\nnot\n%s", again, data)
	}
	// The Go forms matter too: an int64 must not come back as a float64.
	if g, w := fmt.Sprintf("%#v", got.Sources), fmt.Sprintf("%#v", want.Sources); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
	if !strings.HasPrefix(string(data), headKind) || !bytes.Contains(data, []byte(`<a&b>`)) {
		t.Errorf("the form has changed:\n%s", data)
	}
}

// TestEncodeKeepsInput: Encode reads its state and no more.
func TestEncodeKeepsInput(t *testing.T) {
	s := example(t)
	before := fmt.Sprintf("%#v", s.Targets)
	mustEncode(t, s)
	if after := fmt.Sprintf("%#v", s.Targets); after != before {
		t.Errorf("Encode changed its input:\n%s\n%s", before, after)
	}
}

func TestRoundTripGenerated(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := generated(rt)
		data := mustEncode(t, s)
		got, err := Decode(data)
		if err != nil {
			rt.Fatalf("%v\n%s", err, data)
		}
		if again := mustEncode(t, got); !bytes.Equal(again, data) {
			rt.Fatalf("written again it is\n%s\nnot\n%s", again, data)
		}
	})
}

// TestEveryDamage: no file that was cut or changed anywhere is taken for a state.
func TestEveryDamage(t *testing.T) {
	data := mustEncode(t, example(t))
	for n := range data {
		if _, err := Decode(data[:n]); !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut at %d: %v", n, err)
		}
		changed := bytes.Clone(data)
		changed[n] ^= 1
		if _, err := Decode(changed); err == nil {
			t.Fatalf("changed at %d, and nobody noticed", n)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	data := string(mustEncode(t, example(t)))
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"nothing":        {"", ErrEmpty},
		"blank":          {" \n", ErrEmpty},
		"zeros":          {strings.Repeat("\x00", 512), ErrTruncated},
		"half":           {data[:len(data)/2], ErrTruncated},
		"three bytes":    {data[:3], ErrTruncated},
		"no end":         {strings.TrimSuffix(data, "\n"), ErrTruncated},
		"edited":         {strings.Replace(data, "crm/users", "crm/people", 1), ErrCorrupt},
		"appended":       {data + "{\n}\n", ErrCorrupt},
		"line breaks":    {strings.ReplaceAll(data, "\n", "\r\n"), ErrCorrupt},
		"reformatted":    {strings.ReplaceAll(data, "\n ", "\n  "), ErrCorrupt},
		"terraform":      {"{\n  \"version\": 4,\n  \"terraform_version\": \"1.9.0\",\n  \"serial\": 1\n}\n", ErrForeign},
		"not json":       {"hello", ErrForeign},
		"a list":         {"[]", ErrForeign},
		"newer":          {strings.Replace(data, `"format": 1`, `"format": 2`, 1), ErrNewer},
		"far newer":      {"{\n \"kind\": \"inlay state\",\n \"format\": 900,\n \"body\": [", ErrNewer},
		"no such format": {strings.Replace(data, `"format": 1`, `"format": 0`, 1), ErrCorrupt},
		"a word format":  {strings.Replace(data, `"format": 1`, `"format": one`, 1), ErrCorrupt},
	} {
		_, err := Decode([]byte(test.text))
		var e *FileError
		if !errors.Is(err, test.want) || !errors.As(err, &e) || e.Detail == "" {
			t.Errorf("%s: %v, want %v", name, err, test.want)
			continue
		}
		if summary, _ := e.Explain(); summary == "" {
			t.Errorf("%s: no summary", name)
		}
	}
}

// resealed gives a changed file a fitting checksum, as someone who means harm would.
func resealed(data []byte) []byte {
	at := len(headKind) + 1 + len(headChecksum)
	if len(data) < at+checksumSize {
		return data
	}
	sum := checksum(data[:at], data[at+checksumSize:])
	return append(append(bytes.Clone(data[:at]), sum...), data[at+checksumSize:]...)
}

func TestDecodeResealed(t *testing.T) {
	data := string(mustEncode(t, example(t)))
	for name, text := range map[string]string{
		"no spec":       strings.Replace(data, `"specs": {`, `"spices": {`, 1),
		"wrong type":    strings.Replace(data, `"serial": 7`, `"serial": "7"`, 1),
		"a bad address": strings.Replace(data, `"schedule.nightly": {`, `"schedule": {`, 1),
		"a second body": data + data,
		"not json":      strings.Replace(data, `"lineage"`, `lineage`, 1),
	} {
		if text == data {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := Decode(resealed([]byte(text))); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// generated draws any state.
func generated(t *rapid.T) *State {
	name := rapid.StringMatching(`[a-z][a-z0-9_-]{0,5}`)
	value := rapid.OneOf(
		rapid.String().AsAny(), rapid.Int64().AsAny(), rapid.Float64Range(-1e300, 1e300).AsAny(), rapid.Bool().AsAny(), rapid.Just[any](nil),
		rapid.Map(rapid.SliceOfN(rapid.String().AsAny(), 0, 3), func(l []any) any { return l }),
		rapid.Map(rapid.MapOfN(rapid.String(), rapid.Int64().AsAny(), 0, 3), func(m map[string]any) any { return m }),
	)
	values := rapid.Map(rapid.MapOfN(name, value, 0, 4), func(m map[string]any) setting.Values { return m })
	addresses := func(kind addr.Kind) *rapid.Generator[addr.Address] {
		return rapid.Custom(func(t *rapid.T) addr.Address {
			a := addr.Address{Kind: kind, Name: name.Draw(t, "name"), Keyed: rapid.Bool().Draw(t, "keyed")}
			if kind != addr.Schedule {
				a.Type = name.Draw(t, "type")
			}
			if a.Keyed {
				a.Key = rapid.String().Draw(t, "key")
			}
			return a
		})
	}
	shapes := []stream.Shape{shape(), {}, {NoRest: true, Omit: [][]string{{"a", "b"}}}}
	targets := rapid.Custom(func(t *rapid.T) Target {
		out := Target{
			Source: addresses(addr.Source).Draw(t, "source"), Connection: addresses(addr.Connection).Draw(t, "connection"),
			ScheduledAt: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns")).UTC(),
			Spec:        spec.Spec{Target: values.Draw(t, "target"), Source: values.Draw(t, "source settings"), Shape: rapid.SampledFrom(shapes).Draw(t, "shape")},
			Table:       rapid.String().Draw(t, "table"), Deleting: rapid.Bool().Draw(t, "deleting"),
		}
		if rapid.Bool().Draw(t, "scheduled") {
			a := addresses(addr.Schedule).Draw(t, "schedule")
			out.Schedule = &a
		}
		return out
	})
	return &State{
		Format: Format, Lineage: rapid.String().Draw(t, "lineage"), Serial: rapid.Int64().Draw(t, "serial"), Version: rapid.String().Draw(t, "version"),
		Connections: rapid.MapOfN(addresses(addr.Connection), rapid.Custom(func(t *rapid.T) Connection {
			return Connection{Provider: rapid.String().Draw(t, "provider"), Settings: values.Draw(t, "settings")}
		}), 0, 3).Draw(t, "connections"),
		Targets: rapid.MapOfN(addresses(addr.Target), targets, 0, 3).Draw(t, "targets"),
		Schedules: rapid.MapOfN(addresses(addr.Schedule), rapid.Custom(func(t *rapid.T) Schedule {
			return Schedule{Settings: values.Draw(t, "settings")}
		}), 0, 2).Draw(t, "schedules"),
		Outputs: values.Draw(t, "outputs"),
	}
}

func FuzzDecode(f *testing.F) {
	data := mustEncode(f, example(f))
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte(headKind + "1" + headChecksum))
	f.Add([]byte("{}"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, resealed(data)} {
			s, err := Decode(data)
			if err != nil {
				var e *FileError
				if !errors.As(err, &e) {
					t.Fatalf("an error of another type: %v", err)
				}
				continue
			}
			if _, err := Decode(mustEncode(t, s)); err != nil {
				t.Fatalf("read once, not twice: %v", err)
			}
		}
	})
}

func many(t testing.TB, n int) *State {
	s := example(t)
	one := s.Targets[address(t, `target.parquet.all["a.b\"c"]`)]
	one.Spec.Target = setting.Values{
		"mode": "append", "partition": "month", "timezone": "Asia/Tokyo",
		"compression": "zstd", "max_file_size": "128MiB", "retain": int64(2), "max_shrink": 0.5, "on_schema_change": "add",
	}
	for i := range n {
		target := one
		target.Path = fmt.Sprintf("crm/t%d", i)
		s.Targets[addr.Address{Kind: addr.Target, Type: "parquet", Name: "all", Key: fmt.Sprint(i), Keyed: true}] = target
	}
	return s
}

func BenchmarkDecode10000(b *testing.B) {
	data := mustEncode(b, many(b, 10_000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
