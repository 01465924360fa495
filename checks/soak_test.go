package checks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/checks/program"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// start starts the binary in the project's folder.
func (p *project) start(args ...string) (*exec.Cmd, *bytes.Buffer) {
	p.t.Helper()
	binary := program.Path(p.t)
	cmd := exec.Command(binary, args...)
	cmd.Dir = p.dir
	cmd.Env = append(append(os.Environ(), "INTERCOM_ACCESS_TOKEN="+token, "INLAY_TEST_URL="+p.url, "NO_COLOR=1"), p.env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = cmd.Process.Kill() }) // one that a failed test left behind
	return cmd, &out
}

// ended waits for a command and returns its exit code; -1 when a signal ended it.
func ended(t *testing.T, cmd *exec.Cmd, out *bytes.Buffer) int {
	t.Helper()
	err := cmd.Wait()
	if form := canary.Find(out.Bytes()); form != "" {
		t.Errorf("%v printed the token, %s:\n%s", cmd.Args, form, out)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	t.Errorf("%v: %v", cmd.Args, err)
	return -2
}

// TestKilledAtRandomMoments is a soak: three workers import into one table, one after the
// other and at once, and each is killed after a random time, while rows are added upstream.
// In the end every row is there exactly once, and the table checks clean. 500 kills, or
// 3,000 with INLAY_LONG=1.
func TestKilledAtRandomMoments(t *testing.T) {
	kills := int64(500)
	if os.Getenv("INLAY_LONG") != "" {
		kills = 3000
	}
	e := duckdb.Open(t)
	for _, mode := range []string{"append", "upsert"} {
		t.Run(mode, func(t *testing.T) {
			p := newProject(t, fmt.Sprintf(oneTable, true, mode), crowd) // its clock stands still
			p.must(0, "apply", "-auto-approve")
			killedAtRandom(t, e, []*project{p, p, p}, kills/2, 2)
		})
	}
}

// TestKilledAtRandomMomentsOnAStore is the same on an object store, each worker on a machine
// of its own. A machine whose import was killed lets the next one of its own go on at once,
// and the others when the lease runs out, which is when somebody takes it away here.
func TestKilledAtRandomMomentsOnAStore(t *testing.T) {
	kills := int64(60)
	if os.Getenv("INLAY_LONG") != "" {
		kills = 500
	}
	e := duckdb.Open(t)
	for _, mode := range []string{"append", "upsert"} {
		t.Run(mode, func(t *testing.T) {
			s := newShop(t)
			p := newProject(t, fmt.Sprintf(storeTable, true, mode), crowd).on(s)
			p.must(0, "apply", "-auto-approve")
			breaking, stop := context.WithCancel(t.Context())
			defer stop()
			var breaker sync.WaitGroup
			breaker.Go(func() {
				for breaking.Err() == nil {
					s.breakLeases(t)
					time.Sleep(50 * time.Millisecond)
				}
			})
			killedAtRandom(t, e, []*project{p, p.machine(), p.machine()}, kills/2, 8) // a server computes beside them
			stop()
			breaker.Wait()
		})
	}
}

// crowd is the workspace of the soaks.
var crowd = sandbox.Options{Seed: 11, Contacts: 3000, Conversations: 1, Growth: -1, RateLimit: 1 << 30}

// killedAtRandom lets a worker for each project soak, each import for at most so many times
// the usual time of one that has the machine for itself, and holds the table in the end
// against the service.
func killedAtRandom(t *testing.T, e *duckdb.Engine, workers []*project, kills, times int64) {
	t.Helper()
	p := workers[0]
	usual := time.Hour
	for range 3 { // a machine that is busy with something else shows in one, and not in all
		before := time.Now()
		p.must(0, "run", "-all")
		usual = min(usual, time.Since(before))
	}
	var killed, done atomic.Int64
	var wg sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for i, worker := range workers {
		wg.Go(func() {
			soak(ctx, t, worker, rand.New(rand.NewPCG(17, uint64(i))), times*int64(usual), &killed, &done, kills)
		})
	}
	wg.Wait()
	t.Logf("%d imports were killed, %d came to their end", killed.Load(), done.Load())
	p.must(0, "apply", "-auto-approve", "-run", "all", "-lock-timeout", "1m")
	sameRows(t, e, p)
	p.must(0, "table", "check", "target.parquet.users")
	if out := p.must(0, "plan", "-detailed-exitcode"); !strings.Contains(out, "No changes") {
		t.Errorf("there is still something to do:\n%s", out)
	}
}

// soak imports again and again and kills each import after a random time, up to longest.
func soak(ctx context.Context, t *testing.T, p *project, r *rand.Rand, longest int64, killed, done *atomic.Int64, kills int64) {
	for killed.Load() < kills && ctx.Err() == nil {
		now := time.Now().Unix()
		for range 3 {
			if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": now, "updated_at": now}); err != nil {
				t.Error(err)
				return
			}
		}
		cmd, out := p.start("run", "-all")
		kill := time.AfterFunc(time.Duration(r.Int64N(longest)), func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
		code := ended(t, cmd, out)
		kill.Stop()
		switch code {
		case -1:
			killed.Add(1)
		case 0:
			done.Add(1)
		case 4, 6: // another worker was at it
		default:
			t.Errorf("exit %d\n%s", code, out)
			return
		}
	}
}

// TestTwoAppliesAtOnce starts two applies of an empty warehouse at the same moment, again
// and again: whatever each says, the table holds every row once.
func TestTwoAppliesAtOnce(t *testing.T) {
	e := duckdb.Open(t)
	rounds := 3
	if os.Getenv("INLAY_LONG") != "" {
		rounds = 40
	}
	for range rounds {
		p := newProject(t, fmt.Sprintf(oneTable, true, "append"), sandbox.Options{Seed: 12, Contacts: 400, Conversations: 1, Growth: -1})
		var wg sync.WaitGroup
		codes := make([]int, 2)
		said := make([]*bytes.Buffer, 2)
		for i := range codes {
			cmd, out := p.start("apply", "-auto-approve")
			said[i] = out
			wg.Go(func() { codes[i] = ended(t, cmd, out) })
		}
		wg.Wait()
		won := false
		for i, code := range codes {
			won = won || code == 0
			if code != 0 && code != 4 && code != 5 && code != 6 {
				t.Errorf("exit %d\n%s", code, said[i])
			}
		}
		if !won {
			t.Errorf("neither apply came to its end: %v\n%s\n%s", codes, said[0], said[1])
		}
		p.must(0, "apply", "-auto-approve")
		sameRows(t, e, p)
		p.must(0, "table", "check", "target.parquet.users")
	}
}

// TestAPausedHolderIsHarmless stops an import in its middle, as a machine that sleeps does,
// and breaks its lock the only way there is: by putting the files of the lock away. Another
// import commits; the sleeper wakes, and must not commit over it.
func TestAPausedHolderIsHarmless(t *testing.T) {
	e := duckdb.Open(t)
	for _, mode := range []string{"append", "replace", "upsert"} {
		t.Run(mode, func(t *testing.T) {
			p := newProject(t, fmt.Sprintf(oneTable, mode != "replace", mode), sandbox.Options{Seed: 13, Contacts: 200, Conversations: 1, Growth: -1})
			p.must(0, "apply", "-auto-approve")
			add := func(n int) {
				for range n {
					if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": p.now.Unix(), "updated_at": p.now.Unix()}); err != nil {
						t.Fatal(err)
					}
				}
			}
			add(5)
			p.ws.Behave(sandbox.Behaviour{SpikeEvery: 1, Spike: sandbox.Duration(time.Second)})
			p.ws.ResetStats()
			sleeper, out := p.start("run", "-all")
			for p.ws.Stats().Calls["POST /contacts/search"] == 0 { // its lock is held by then
				time.Sleep(2 * time.Millisecond)
			}
			if err := sleeper.Process.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			p.ws.Behave(sandbox.Behaviour{})
			if out := p.must(0, "run", "-all"); !strings.Contains(out, "overlap") {
				t.Errorf("the table is held by a process that lives, and that is not said:\n%s", out)
			}
			breakLocks(t, p.dir)
			add(5)
			p.must(0, "run", "-all")
			sameRows(t, e, p)
			if err := sleeper.Process.Signal(syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			if code := ended(t, sleeper, out); code != 6 {
				t.Errorf("the sleeper exits %d, not 6:\n%s", code, out)
			}
			sameRows(t, e, p)
			p.must(0, "table", "check", "target.parquet.users")
		})
	}
}

// breakLocks puts the locks of all tables away, so that the next one to come makes its own.
func breakLocks(t *testing.T, dir string) {
	t.Helper()
	locks, err := filepath.Glob(filepath.Join(dir, "warehouse", ".inlay", "*", "lock"))
	if err != nil || len(locks) == 0 {
		t.Fatalf("no locks to break: %v", err)
	}
	for _, l := range locks {
		if err := os.Remove(l); err != nil {
			t.Fatal(err)
		}
	}
}
