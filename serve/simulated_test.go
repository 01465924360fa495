package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// A simulated daemon is the real loop in a process of its own, under a clock that moves when
// the loop waits, and only then. The clock is in a file, so that another process goes on from
// there when this one is killed.

// upset is something that happens to the clock: at the first wait that begins at or after At,
// it moves By beside what the loop asked for.
type upset struct {
	At time.Time
	By time.Duration
}

// shift is what an upset did: where the clock stood and where it went.
type shift struct{ From, To time.Time }

// simulated is a clock and what is to happen to it.
type simulated struct {
	clock
	dir    string
	end    time.Time
	upsets []upset
	next   int // of upsets
}

// savedClock is the file of a clock.
type savedClock struct {
	Now  time.Time
	Next int
	End  time.Time
}

func (s *simulated) load() error {
	var saved savedClock
	if err := readJSON(filepath.Join(s.dir, "clock.json"), &saved); err != nil {
		return err
	}
	s.now, s.next, s.end = saved.Now, saved.Next, saved.End
	return readJSON(filepath.Join(s.dir, "upsets.json"), &s.upsets)
}

func (s *simulated) save() error {
	return writeJSON(filepath.Join(s.dir, "clock.json"), savedClock{s.Now(), s.next, s.end})
}

// pass moves the clock by what the loop waits for, or elsewhere.
func (s *simulated) pass(d time.Duration) error {
	from := s.Now()
	if s.next < len(s.upsets) && !from.Before(s.upsets[s.next].At) {
		d += s.upsets[s.next].By
		name := filepath.Join(s.dir, fmt.Sprintf("shift-%d.json", s.next))
		if err := writeJSON(name, shift{from, from.Add(d)}); err != nil { // again, if it is killed before the clock is saved
			return err
		}
		s.next++
	}
	s.move(d)
	return s.save()
}

func readJSON(name string, v any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func writeJSON(name string, v any) error {
	data, err := json.Marshal(v)
	if err == nil {
		err = os.WriteFile(name+".next", data, 0o600)
	}
	if err == nil {
		err = os.Rename(name+".next", name)
	}
	return err
}

// simulatedDaemon serves the folder until its clock is at its end.
func simulatedDaemon(dir string) int {
	s := &simulated{dir: dir}
	if err := s.load(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var d *daemon
	world := project.World{
		Now: s.Now, Sleep: s.sleep, Env: os.LookupEnv, Stdout: os.Stdout, Stderr: os.Stderr,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0", Command: "inlay serve",
	}
	d, err := newDaemon(ctx, Options{World: world, Flags: project.Flags{Dir: dir}, Parallelism: 2, Log: NewLog(os.Stderr, "", s.Now),
		Wait: func(ctx context.Context, length time.Duration) error {
			d.batches.Wait() // imports take no time
			if ctx.Err() != nil || len(d.woken) > 0 {
				<-ctx.Done() // the loop was woken
				return nil
			}
			if !s.Now().Before(s.end) {
				stop()
				return nil
			}
			return s.pass(length)
		}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	d.loop(ctx)
	d.batches.Wait()
	return 0
}
