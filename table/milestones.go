package table

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	"github.com/inlay-sync/inlay/internal/objects"
)

// milestone is how many commits lie between two milestones of a log. A log stays for ever,
// and a listing shows it in pages of a thousand; who looks for its end begins at the last
// milestone, whose key comes before the keys of the log.
const milestone = 500

// milestones is what their keys begin with, in a home.
const milestones = "index/"

// reached puts a milestone if a commit is one. To lose it costs time and nothing else.
func (r *remote) reached(t *Table, n int64) {
	if n%milestone == 0 {
		_ = r.store.Put(t.key(fmt.Sprintf("%s%09d", milestones, n)), bytes.NewReader(nil), 0)
	}
}

// justBefore is a key that comes before that of a manifest, and after those of all earlier ones.
func justBefore(logKey string) string { return strings.TrimSuffix(logKey, ".json") }

// skim lists objects of homes by key, without the manifests before the last milestone of
// each log.
func (r *remote) skim(prefix string) iter.Seq2[objects.Object, error] {
	return func(yield func(objects.Object, error) bool) {
		after, last := "", ""
		for again := true; again; {
			again = false
			for o, err := range r.store.List(prefix, after) {
				id, name, _ := strings.Cut(strings.TrimPrefix(o.Key, homes+"/"), "/")
				log := homes + "/" + id + "/log/"
				if n, ok := strings.CutPrefix(name, milestones); ok && validID(id) {
					last = log + n
					continue
				}
				if strings.HasPrefix(o.Key, log) && strings.HasPrefix(last, log) && o.Key < last {
					after, again = last, true
					break
				}
				if !yield(o, err) || err != nil {
					return
				}
			}
		}
	}
}
