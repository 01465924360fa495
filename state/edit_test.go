package state

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/addr"
)

// family is a state in which two instances of a target refer to the rest.
func family(t testing.TB) *State {
	s := example(t)
	one := s.Targets[address(t, `target.parquet.all["a.b\"c"]`)]
	s.Targets = map[addr.Address]Target{
		address(t, `target.parquet.all["a"]`): one,
		address(t, `target.parquet.all["b"]`): one,
	}
	return s
}

func TestMove(t *testing.T) {
	for _, test := range []struct {
		from, to string
		want     string // of the addresses afterwards
	}{
		{"connection.intercom.acme", "connection.intercom.b", `connection.intercom.b schedule.nightly source.intercom.users target.parquet.all["a"] target.parquet.all["b"]`},
		{"source.intercom.users", "source.intercom.people", `connection.intercom.acme schedule.nightly source.intercom.people target.parquet.all["a"] target.parquet.all["b"]`},
		{"schedule.nightly", "schedule.n", `connection.intercom.acme schedule.n source.intercom.users target.parquet.all["a"] target.parquet.all["b"]`},
		{`target.parquet.all["a"]`, "target.parquet.one", `connection.intercom.acme schedule.nightly source.intercom.users target.parquet.all["b"] target.parquet.one`},
		{"target.parquet.all", "target.parquet.each", `connection.intercom.acme schedule.nightly source.intercom.users target.parquet.each["a"] target.parquet.each["b"]`},
	} {
		s := family(t)
		before := fmt.Sprintf("%#v", s)
		out, err := Move(s, address(t, test.from), address(t, test.to))
		if err != nil {
			t.Errorf("%s to %s: %v", test.from, test.to, err)
			continue
		}
		if got := sorted(out); got != test.want {
			t.Errorf("%s to %s: %s", test.from, test.to, got)
		}
		if fmt.Sprintf("%#v", s) != before {
			t.Errorf("%s to %s: the input was changed", test.from, test.to)
		}
		for _, user := range out.usersOf(address(t, test.from)) {
			t.Errorf("%s still refers to %s", user, test.from)
		}
		back, err := Move(out, address(t, test.to), address(t, test.from))
		if err != nil || string(mustEncode(t, back)) != string(mustEncode(t, s)) {
			t.Errorf("%s to %s and back: %v", test.from, test.to, err)
		}
	}
}

func sorted(s *State) string {
	var out []string
	for _, a := range s.Addresses() {
		out = append(out, a.String())
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestMoveErrors(t *testing.T) {
	for _, test := range []struct{ from, to, problem string }{
		{"target.parquet.gone", "target.parquet.x", "not in the state"},
		{"source.intercom.Users", "source.intercom.x", "Did you mean source.intercom.users?"},
		{"source.intercom.users", "target.parquet.x", "another kind"},
		{"source.intercom.users", "source.zendesk.users", "another kind"},
		{`target.parquet.all["a"]`, `target.parquet.all["b"]`, "in the state already"},
		{"target.parquet.all", `target.parquet.x["a"]`, "2 instances"},
		{"schedule.nightly", "schedule.nightly", "in the state already"},
	} {
		_, err := Move(family(t), address(t, test.from), address(t, test.to))
		var e *EntryError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), test.problem) {
			t.Errorf("%s to %s: %v", test.from, test.to, err)
		}
	}
}

func TestRemove(t *testing.T) {
	s := family(t)
	for _, used := range []string{"connection.intercom.acme", "source.intercom.users", "schedule.nightly"} {
		_, err := Remove(s, address(t, used))
		if e := (*EntryError)(nil); !errors.As(err, &e) || !strings.Contains(err.Error(), "refers to it") {
			t.Errorf("%s: %v", used, err)
		}
	}
	one, err := Remove(s, address(t, `target.parquet.all["a"]`))
	if err != nil || len(one.Targets) != 1 || len(s.Targets) != 2 {
		t.Errorf("%v, %d and %d targets", err, len(one.Targets), len(s.Targets))
	}
	for _, a := range []string{"target.parquet.all", "schedule.nightly", "source.intercom.users", "connection.intercom.acme"} {
		if s, err = Remove(s, address(t, a)); err != nil {
			t.Fatal(err)
		}
	}
	if left := s.Addresses(); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	if _, err := Remove(s, address(t, "schedule.nightly")); err == nil {
		t.Error("removed twice")
	}
}
