package state

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/internal/objects"
)

// The diary on an object store is one object for each attempt, whose key sorts the one begun
// last first. The end of an attempt is written over its beginning.

// readsAtOnce is how many attempts are read side by side.
const readsAtOnce = 16

// diaryFolder is what the keys of a diary begin with: "runs/" for runs.jsonl.
func diaryFolder(name string) string { return strings.TrimSuffix(name, ".jsonl") + "/" }

func (r remote) note(name string, run Run, line []byte) error {
	attempt := sha256.Sum256([]byte(run.Address.String() + "\n" + run.ID))
	return r.replace(fmt.Sprintf("%s%s-%x.json", diaryFolder(name), newest(run.Started), attempt[:8]), line)
}

func (r remote) runs(name string) iter.Seq2[Run, error] {
	return func(yield func(Run, error) bool) {
		var keys []string
		for o, err := range r.store.List(diaryFolder(name), "") {
			if err != nil {
				yield(Run{}, err)
				return
			}
			if keys = append(keys, o.Key); len(keys) == readsAtOnce {
				if !r.tell(keys, yield) {
					return
				}
				keys = keys[:0]
			}
		}
		r.tell(keys, yield)
	}
}

// tell reads some attempts and yields them in order; false when that is to end.
func (r remote) tell(keys []string, yield func(Run, error) bool) bool {
	texts := make([][]byte, len(keys))
	var group errgroup.Group
	for i, key := range keys {
		group.Go(func() (err error) {
			texts[i], err = objects.Read(r.store, key)
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		yield(Run{}, err)
		return false
	}
	for _, text := range texts {
		var run Run
		if json.Unmarshal(text, &run) != nil || run.ID == "" || run.Status == "" {
			continue
		}
		if !yield(run, nil) {
			return false
		}
	}
	return true
}

// newest writes a time so that later ones sort first.
func newest(t time.Time) string {
	digits := []byte(fmt.Sprintf("%019d", t.UnixNano()))
	for i, d := range digits {
		digits[i] = '9' - (d - '0')
	}
	return string(digits)
}
