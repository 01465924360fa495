package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/inlay-sync/inlay/engines/temporal/trigger"
)

// service stands in for a project and its workspace, on the clock of a simulated Temporal:
// targets with slots, imports of which some fail.
type service struct {
	env     *testsuite.TestWorkflowEnvironment
	targets map[string]*simulated
	begun   []string // imports, in order, each with the minute it began at
	under   int      // imports under way
	start   time.Time
}

type simulated struct {
	slot     string        // "" when none is open
	from     time.Duration // when it is due, since the start
	group    int
	failures []Outcome // of its next imports; then they succeed
}

func newService(t *testing.T, targets map[string]*simulated) *service {
	s := &service{targets: targets, start: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	s.env = new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
	s.env.SetStartTime(s.start)
	s.env.SetWorkflowRunTimeout(1000 * time.Hour)
	s.env.RegisterWorkflowWithOptions(lane, workflow.RegisterOptions{Name: laneName})
	s.env.RegisterActivityWithOptions(s.look, activity.RegisterOptions{Name: lookName})
	s.env.RegisterActivityWithOptions(s.carry, activity.RegisterOptions{Name: importName})
	t.Cleanup(func() {
		if !s.env.IsWorkflowCompleted() {
			t.Error("the lane does not end")
		}
	})
	return s
}

func (s *service) since() time.Duration { return s.env.Now().Sub(s.start) }

func (s *service) look(_ context.Context, k Knock) ([]Finding, error) {
	if k.Lineage == gone {
		return nil, &unknownError{gone}
	}
	var out []Finding
	for _, a := range k.Targets {
		f := Finding{Lineage: k.Lineage, Address: a}
		if t := s.targets[a]; t.slot != "" && s.since() >= t.from {
			f.Due, f.Slot, f.Group = true, t.slot, t.group
		} else if t.slot != "" {
			f.Next = s.start.Add(t.from)
		}
		out = append(out, f)
	}
	return out, nil
}

func (s *service) carry(_ context.Context, r Read) ([]Outcome, error) {
	if s.under++; s.under > 1 {
		return nil, errors.New("two imports at once")
	}
	defer func() { s.under-- }()
	s.begun = append(s.begun, fmt.Sprintf("%v at %d", r.Targets, int(s.since().Minutes())))
	var out []Outcome
	for _, a := range r.Targets {
		t := s.targets[a]
		if len(t.failures) > 0 {
			out = append(out, t.failures[0])
			t.failures = t.failures[1:]
			continue
		}
		t.slot = ""
		out = append(out, Outcome{Target: a})
	}
	return out, nil
}

// run knocks for all targets and lets the lane come to its end.
func (s *service) run() error {
	var all []string
	for a := range s.targets {
		all = append(all, a)
	}
	slices.Sort(all)
	s.env.RegisterDelayedCallback(func() { s.env.SignalWorkflow(knockName, Knock{Lineage: "l", Targets: all}) }, 0)
	s.env.ExecuteWorkflow(laneName, Lane{})
	return s.env.GetWorkflowError()
}

func (s *service) expect(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(s.begun, want) {
		t.Errorf("imports %q, not %q", s.begun, want)
	}
}

// TestTurns: targets that share a read are imported together, the others one after another,
// and the lane ends.
func TestTurns(t *testing.T) {
	s := newService(t, map[string]*simulated{"a": {slot: "1", group: 1}, "b": {slot: "1", group: 2}, "c": {slot: "1", group: 1}, "d": {}})
	if err := s.run(); err != nil {
		t.Error(err)
	}
	s.expect(t, "[a c] at 0", "[b] at 0")
}

// TestDelay: a slot that has come and waits for its delay is waited for.
func TestDelay(t *testing.T) {
	s := newService(t, map[string]*simulated{"a": {slot: "1", from: 30 * time.Minute}, "b": {slot: "1"}})
	if err := s.run(); err != nil {
		t.Error(err)
	}
	s.expect(t, "[b] at 0", "[a] at 30")
}

// TestRetries: what may pass is tried again after a minute, then two, then four; meanwhile
// others have their turn. A table that somebody else works on is looked at after a minute.
func TestRetries(t *testing.T) {
	fail := Outcome{Target: "a", Error: "Service unavailable"}
	s := newService(t, map[string]*simulated{
		"a": {slot: "1", group: 1, failures: []Outcome{fail, fail, fail}},
		"b": {slot: "1", group: 2, from: 2 * time.Minute},
		"c": {slot: "1", group: 3, failures: []Outcome{{Target: "c", Overlap: true}}},
	})
	if err := s.run(); err != nil {
		t.Error(err)
	}
	s.expect(t, "[a] at 0", "[c] at 0", "[a] at 1", "[c] at 1", "[b] at 2", "[a] at 3", "[a] at 7")
}

// TestOnlyAPerson: what only a person can mend is not tried again for that slot, stops no
// other target, and fails the lane in the end.
func TestOnlyAPerson(t *testing.T) {
	s := newService(t, map[string]*simulated{
		"a": {slot: "1", group: 1, failures: []Outcome{{Target: "a", Error: "Token refused", Person: true}}},
		"b": {slot: "1", group: 2, from: 5 * time.Minute},
	})
	var failed *temporal.ApplicationError
	if err := s.run(); !errors.As(err, &failed) || failed.Type() != "inlay-person" {
		t.Errorf("the lane ends with %v", err)
	}
	s.expect(t, "[a] at 0", "[b] at 5")
}

// TestLostProject: a project that no worker can open any more fails the lane in the end, and
// stands in nobody's way.
func TestLostProject(t *testing.T) {
	s := newService(t, map[string]*simulated{"a": {slot: "1"}})
	s.env.RegisterDelayedCallback(func() { s.env.SignalWorkflow(knockName, Knock{Lineage: gone, Targets: []string{"b"}}) }, 0)
	var failed *temporal.ApplicationError
	if err := s.run(); !errors.As(err, &failed) || !strings.Contains(failed.Error(), gone) {
		t.Errorf("the lane ends with %v", err)
	}
	if len(s.begun) != 1 || !strings.HasPrefix(s.begun[0], "[a] ") {
		t.Errorf("imports %q", s.begun)
	}
}

// gone is the lineage of a project that cannot be opened.
const gone = "gone"

// TestNextSlot: a slot that only a person could have mended does not stand in the way of the
// next one.
func TestNextSlot(t *testing.T) {
	s := newService(t, map[string]*simulated{
		"a": {slot: "1", group: 1, failures: []Outcome{{Target: "a", Error: "Token refused", Person: true}}},
		"b": {slot: "1", group: 2, from: time.Hour}, // keeps the lane going
	})
	s.env.RegisterDelayedCallback(func() {
		s.targets["a"].slot = "2"
		s.env.SignalWorkflow(knockName, Knock{Lineage: "l", Targets: []string{"a"}})
	}, 20*time.Minute)
	if err := s.run(); err != nil {
		t.Error(err)
	}
	s.expect(t, "[a] at 0", "[a] at 20", "[b] at 60")
}

// TestLongLane: a lane whose history grows long goes on in a new one, and forgets nothing of
// what failed.
func TestLongLane(t *testing.T) {
	s := newService(t, map[string]*simulated{"a": {slot: "1", failures: []Outcome{{Target: "a", Error: "Service unavailable"}}}})
	s.env.SetContinueAsNewSuggested(true)
	var again *workflow.ContinueAsNewError
	if err := s.run(); !errors.As(err, &again) {
		t.Fatalf("the lane ends with %v", err)
	}
	var left Lane
	if err := converter.GetDefaultDataConverter().FromPayloads(again.Input, &left); err != nil {
		t.Fatal(err)
	}
	if len(left.Targets) != 1 || left.Targets[0].Failures != 1 || left.Targets[0].After.Sub(s.start) < firstRetry {
		t.Errorf("it goes on with %+v", left)
	}
}

// TestLost: another worker has an import within ten seconds, of which it takes the silence to
// notice and a second to be asked.
func TestLost(t *testing.T) {
	if silence+time.Second > 10*time.Second || silence < 3*beat {
		t.Errorf("a worker is lost after %s, with a beat of %s", silence, beat)
	}
}

// TestWake: a trigger asks once, and says which lanes it called at.
func TestWake(t *testing.T) {
	env := new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
	env.RegisterWorkflowWithOptions(wake, workflow.RegisterOptions{Name: trigger.Workflow})
	env.RegisterActivityWithOptions(func(_ context.Context, o trigger.Order) ([]string, error) {
		return []string{o.Lineage + " " + o.Schedule}, nil
	}, activity.RegisterOptions{Name: callName})
	env.ExecuteWorkflow(trigger.Workflow, trigger.Order{Lineage: "l", Schedule: "schedule.nightly"})
	var called []string
	if err := env.GetWorkflowResult(&called); err != nil || !slices.Equal(called, []string{"l schedule.nightly"}) {
		t.Errorf("%v %v", called, err)
	}
}
