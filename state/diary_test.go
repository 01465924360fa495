package state

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
)

func collect(t testing.TB, s *Store) (out []Run) {
	t.Helper()
	for r, err := range s.Runs() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func note(t testing.TB, s *Store, list ...Run) {
	t.Helper()
	for _, r := range list {
		if err := s.Note(r); err != nil {
			t.Fatal(err)
		}
	}
}

func run(t testing.TB, id string, minute int, status Status) Run {
	r := Run{ID: id, Address: address(t, "target.parquet.users"), Started: time.Date(2026, 11, 23, 0, minute, 0, 0, time.UTC), Status: status}
	if status != Unfinished {
		r.Ended, r.Rows = r.Started.Add(time.Second), 42
	}
	return r
}

func brief(runs []Run) string {
	var out []string
	for _, r := range runs {
		out = append(out, fmt.Sprintf("%s:%s:%d", r.ID, r.Status, r.Rows))
	}
	return strings.Join(out, " ")
}

func TestDiary(t *testing.T) {
	s := open(t)
	if got := collect(t, s); got != nil {
		t.Fatalf("before anything was written: %v", got)
	}
	other := run(t, "b", 2, Unfinished)
	other.Address = address(t, `target.parquet.all["x"]`)
	otherDone := other
	otherDone.Status, otherDone.Ended, otherDone.Rows = Done, other.Started.Add(time.Minute), 7
	note(t, s,
		run(t, "a", 1, Unfinished), other, run(t, "a", 1, Failed), otherDone,
		run(t, "a", 3, Unfinished), // the same run again, and it never ended
		run(t, "c", 4, Skipped),
		run(t, "f", 4, Unfinished), run(t, "f", 4, Skipped), // begun, and met another
		run(t, "d", 5, Unfinished), run(t, "d", 5, Nothing),
		run(t, "e", 6, Unfinished),
	)
	got := collect(t, s)
	if want := "e:unfinished:0 d:nothing:42 f:skipped:42 c:skipped:42 a:unfinished:0 b:done:7 a:failed:42"; brief(got) != want {
		t.Errorf("got  %s\nwant %s", brief(got), want)
	}
	if got[5].Address != other.Address || !got[5].Ended.Equal(otherDone.Ended) {
		t.Errorf("%+v", got[5])
	}
	for r := range s.Runs() { // stopping early is fine
		if r.ID != "e" {
			t.Errorf("the latest is %s", r.ID)
		}
		break
	}
	if st, err := os.Stat(filepath.Join(filepath.Dir(s.Path()), "runs.jsonl")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st, err)
	}
}

// TestDiaryTorn: a line cut anywhere costs that line alone, also after more is written.
func TestDiaryTorn(t *testing.T) {
	s := open(t)
	note(t, s, run(t, "a", 1, Unfinished), run(t, "a", 1, Done), run(t, "b", 2, Skipped))
	path := filepath.Join(filepath.Dir(s.Path()), "runs.jsonl")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := strings.LastIndexByte(strings.TrimSuffix(string(data), "\n"), '\n') + 1
	for n := last; n < len(data); n++ {
		if err := os.WriteFile(path, data[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		want := "a:done:42"
		if n == len(data)-1 {
			want = "b:skipped:42 " + want // only its line break is gone
		}
		if got := brief(collect(t, s)); got != want {
			t.Fatalf("cut at %d: %s", n, got)
		}
		note(t, s, run(t, "c", 3, Skipped))
		if got := brief(collect(t, s)); got != "c:skipped:42 "+want {
			t.Fatalf("cut at %d and gone on: %s", n, got)
		}
		if now, _ := os.ReadFile(path); !strings.HasPrefix(string(now), string(data[:n])) {
			t.Fatal("the diary was rewritten")
		}
	}
}

func TestDiaryStrangeLines(t *testing.T) {
	s := open(t)
	note(t, s, run(t, "a", 1, Skipped))
	path := filepath.Join(filepath.Dir(s.Path()), "runs.jsonl")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString("\n\nnull\n{}\n[1]\n{\"run\":\"x\",\"address\":\"nonsense\",\"status\":\"done\"}\n\x00\x00\n" +
		strings.Repeat("y", 3*longestLine/2) + "\n")
	if err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	note(t, s, run(t, "b", 2, Skipped))
	if got := brief(collect(t, s)); got != "b:skipped:42 a:skipped:42" {
		t.Error(got)
	}
}

func TestDiaryManyWriters(t *testing.T) {
	s := open(t)
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for i := range 20 {
				r := Run{ID: fmt.Sprintf("%d-%d", w, i), Address: addr.Address{Kind: addr.Schedule, Name: "x"}, Status: Skipped}
				if err := s.Note(r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if got := collect(t, s); len(got) != 160 {
		t.Errorf("%d of 160 lines", len(got))
	}
}

// TestBackwards compares reading backwards with splitting the whole, around the size of a chunk.
func TestBackwards(t *testing.T) {
	for _, size := range []int{0, 1, 2, backChunk - 1, backChunk, backChunk + 1, 3*backChunk + 5} {
		for _, every := range []int{1, 2, 7, 1000, backChunk - 1, backChunk, backChunk + 1} {
			text := []byte(strings.Repeat("x", size))
			for i := every; i < size; i += every {
				text[i] = '\n'
			}
			var want, got []string
			for _, line := range strings.Split(string(text), "\n") {
				if line != "" {
					want = append(want, line)
				}
			}
			for line, err := range backwards(strings.NewReader(string(text))) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, string(line))
			}
			slices.Reverse(got)
			if !slices.Equal(got, want) {
				t.Errorf("%d bytes, a break every %d: %d lines, want %d", size, every, len(got), len(want))
			}
		}
	}
}

func TestOtherStateNames(t *testing.T) {
	dir := t.TempDir()
	a, b := Open(filepath.Join(dir, "eu.json"), nil), Open(filepath.Join(dir, "us.json"), nil)
	lock(t, a)
	lock(t, b) // states in one folder do not share a lock
	note(t, a, run(t, "a", 1, Skipped))
	if got := collect(t, b); len(got) != 0 {
		t.Errorf("they share a diary: %v", got)
	}
}
