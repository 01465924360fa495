package serve

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// TestMain makes this test binary a daemon when a test asks for one: a real process that
// can be killed, whose clock is a file that the test writes.
func TestMain(m *testing.M) {
	if dir := os.Getenv("INLAY_TEST_DAEMON"); dir != "" {
		os.Exit(childDaemon(dir))
	}
	if dir := os.Getenv("INLAY_TEST_YEAR"); dir != "" {
		os.Exit(simulatedDaemon(dir))
	}
	os.Exit(m.Run())
}

// fileClock reads the time from a file.
type fileClock string

func (c fileClock) Now() time.Time {
	data, err := os.ReadFile(string(c))
	if err != nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, string(data))
	if err != nil {
		return time.Time{}
	}
	return at
}

// wait returns when the file's time has moved on by d.
func (c fileClock) wait(ctx context.Context, d time.Duration) error {
	for end := c.Now().Add(d); c.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(3 * time.Millisecond):
		}
	}
	return nil
}

func childDaemon(dir string) int {
	c := fileClock(filepath.Join(dir, "clock"))
	world := project.World{
		Now: c.Now, Sleep: c.wait, Env: os.LookupEnv, Stdout: os.Stdout, Stderr: os.Stderr,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0", Command: "inlay serve",
	}
	err := Run(context.Background(), Options{World: world, Flags: project.Flags{Dir: dir}, Parallelism: 1, Log: NewLog(os.Stderr, "debug", c.Now)})
	if err != nil {
		return 1
	}
	return 0
}

// TestKilled: two real daemons serve one warehouse and each is killed in turn, at moments
// when a slot has come. The other takes the slot; none is lost and none is run twice.
func TestKilled(t *testing.T) {
	r := newRig(t, strings.Replace(daily, "schedule.daily", "schedule.hourly", 1), "2026-06-01T00:10:00Z")
	r.apply()
	start := r.clock.Now()
	tell := func() {
		temp := filepath.Join(r.dir, "clock.next")
		if err := os.WriteFile(temp, []byte(r.clock.Now().Format(time.RFC3339Nano)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(temp, filepath.Join(r.dir, "clock")); err != nil {
			t.Fatal(err)
		}
	}
	tell()
	var out syncBuffer
	spawn := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "INLAY_TEST_DAEMON="+r.dir)
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	started := 0
	ready := func() { // every daemon that was started has looked around
		started++
		for try := 0; strings.Count(out.String(), "msg=serving") < started; try++ {
			if try == 3000 {
				t.Fatalf("a daemon does not start\n%s", out.String())
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	kill := func(cmd *exec.Cmd) {
		_ = cmd.Process.Kill() // it may be gone
		_ = cmd.Wait()         // it was killed
	}
	daemons := []*exec.Cmd{spawn(), spawn()}
	ready()
	ready()
	defer func() {
		for _, d := range daemons {
			kill(d)
		}
	}()
	rounds := 6
	if long() {
		rounds = 40
	}
	for round := range rounds {
		// On to ten seconds past the hour, in one step: the slot has come for both.
		next := r.clock.Now().Truncate(time.Hour).Add(time.Hour + 10*time.Second)
		r.clock.move(next.Sub(r.clock.Now()))
		tell()
		time.Sleep(time.Duration(round*17%50) * time.Millisecond) // somewhere in an import, or before
		kill(daemons[round%2])
		want := next.Truncate(time.Hour).Format(time.RFC3339)
		for try := 0; ; try++ {
			if got := r.slots("target.parquet.tags"); len(got) > 0 && got[len(got)-1] == want {
				break
			}
			if try == 3000 {
				t.Fatalf("round %d: the slot %s was never imported\n%s", round, want, out.String())
			}
			if try%10 == 9 && r.clock.Now().Sub(next) < 40*time.Minute {
				r.clock.move(20 * time.Second) // the one left looks again within the minute
				tell()
			}
			time.Sleep(10 * time.Millisecond)
		}
		daemons[round%2] = spawn()
		ready()
	}
	if got, want := r.slots("target.parquet.tags"), hours(start, r.clock.Now()); !slices.Equal(got, want) {
		t.Errorf("imported %v, not %v\n%s", got, want, out.String())
	}
	if strings.Contains(out.String(), "panic") {
		t.Errorf("a daemon broke:\n%s", out.String())
	}
}
