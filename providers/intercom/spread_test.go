package intercom

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
)

// rowsAt are seconds, ascending, in which a workspace's rows were created.
type rowsAt []int64

// after counts the rows that a search for ">" a second finds, by day or exactly.
func (r rowsAt) after(second int64, daily bool) int64 {
	from := second + 1
	if daily {
		from = dayOf(second) + day
	}
	i, _ := slices.BinarySearch(r, from)
	return int64(len(r) - i)
}

// counting is a service that counts these rows, and a finder that asks it.
func (r rowsAt) counting(t *testing.T, version string, asked *atomic.Int64) *finder {
	rig := newRig(t, sandbox.Options{Contacts: 1}, setting.Values{"api_version": version})
	s := rig.session.(*session)
	d, err := s.wanted("contacts")
	if err != nil {
		t.Fatal(err)
	}
	w := d.way.(search)
	f := &finder{session: s, client: s.client, decl: d, search: w, axis: "created_at", daily: s.daily(w)}
	bound := regexp.MustCompile(`"value":(\d+)`)
	rig.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		asked.Add(1)
		body, err := io.ReadAll(q.Body)
		found := bound.FindSubmatch(body)
		if err != nil || found == nil {
			http.Error(rw, "no bound", http.StatusBadRequest)
			return
		}
		second, err := strconv.ParseInt(string(found[1]), 10, 64)
		if err != nil {
			t.Error(err)
		}
		if err := json.NewEncoder(rw).Encode(map[string]any{"data": []any{}, "total_count": r.after(second, f.daily)}); err != nil {
			t.Error(err)
		}
	})
	return f
}

// Legs read about the same number of rows each, however the rows lie in time. Where the
// service compares days, the rows of one day cannot be divided, and no second leg reads them.
func TestLegsAreBalanced(t *testing.T) {
	const now, years = 1_795_000_000, 2 * 365 * day
	even := func(n, from, length int64) (out rowsAt) {
		for i := range n {
			out = append(out, from+i*length/n)
		}
		return out
	}
	growing := rowsAt{}
	for i := range int64(60_000) { // ever more a day
		growing = append(growing, now-years+int64(float64(years)*math.Sqrt(float64(i)/60_000)))
	}
	atOnce := even(30_000, now-400*day+5*60*60, 6*60*60)
	for _, test := range []struct {
		name      string
		version   string
		rows      rowsAt
		most      float64 // what a leg reads, in shares of all rows
		requests  int64
		undivided int64 // rows that only one leg can read
	}{
		{"evenly", "2.17", even(60_000, now-years, years), 1.1, 15, 0},
		{"evenly, by day", "2.16", even(60_000, now-years, years), 1.1, 15, 0},
		{"ever more", "2.17", growing, 1.2, 20, 0},
		{"ever more, by day", "2.16", growing, 1.2, 20, 0},
		{"half at once", "2.17", append(atOnce, even(30_000, now-years, years)...), 2, 40, 0},
		{"half at once, by day", "2.16", append(atOnce, even(30_000, now-years, years)...), 1.5, 40, 30_000},
	} {
		t.Run(test.name, func(t *testing.T) {
			slices.Sort(test.rows)
			var asked atomic.Int64
			f := test.rows.counting(t, test.version, &asked)
			total := int64(len(test.rows))
			legs, err := f.split(t.Context(), test.rows[0], test.rows[largestPage-1], now, total)
			if err != nil {
				t.Fatal(err)
			}
			var reads []string
			undivided := 0
			for _, l := range legs {
				rows := total
				if l.From != always {
					rows = test.rows.after(atOrAfter("created_at", l.From, f.daily).Value.(int64), f.daily)
				}
				if l.To != never {
					rows -= test.rows.after(l.To-1, false)
				}
				if test.undivided > 0 && rows >= test.undivided {
					undivided++
					rows -= test.undivided
				}
				reads = append(reads, fmt.Sprint(rows))
				if shares := float64(rows) * mostLegs / float64(total); shares > test.most {
					t.Errorf("the leg from %d reads %d rows, %.2f shares", l.From, rows, shares)
				}
			}
			if n := asked.Load(); n > test.requests || test.undivided > 0 && undivided != 1 {
				t.Errorf("%d requests; %d legs read what cannot be divided", n, undivided)
			}
			t.Logf("%d requests; rows of the legs: %v", asked.Load(), reads)
		})
	}
}
