package table

import (
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// unique finds rows of the whole table that agree in some columns. Rows in which one of
// them is null are not compared.
func (e *audit) unique(names []string) (ExpectResult, error) {
	r := ExpectResult{Check: "unique " + strings.Join(names, ", ")}
	leaves := make([]int, len(names))
	var rows int64
	for i, n := range names {
		var err error
		if leaves[i], err = e.leaf(n); err != nil {
			return r, err
		}
	}
	for _, in := range e.all {
		rows += in.part.Rows
	}
	seeds := newSeeds()
	passes := uint64(rows/passRows) + 1
	for pass := range passes {
		if err := e.twice(&r, leaves, seeds, pass, passes, rows); err != nil {
			return r, err
		}
	}
	if r.Rows == 0 {
		return ExpectResult{}, nil
	}
	r.Detail = fmt.Sprintf("%d rows repeat another's %s", r.Rows, strings.Join(names, ", "))
	return r, nil
}

func (e *audit) twice(r *ExpectResult, leaves []int, seeds [2]maphash.Seed, pass, passes uint64, rows int64) error {
	index := newKeyIndex(rows / int64(passes))
	var buf []byte
	return e.scan(e.all, leaves, func(values []*stream.Vector, row int) error {
		buf = buf[:0]
		for _, v := range values {
			if v.Null(row) {
				return nil
			}
			text := encodeEntry(v, row)
			buf = append(fmt.Appendf(buf, "%d:", len(text)), text...)
		}
		h := hashKey(seeds, buf)
		if h[1]%passes != pass {
			return nil
		}
		if index.find(h).empty() {
			index.put(h, 0, 0)
			return nil
		}
		r.Rows++
		return nil
	})
}

func (e *audit) minRows(least int64) (ExpectResult, error) {
	var n int64
	for _, in := range e.all {
		n += in.part.Rows
	}
	if n >= least {
		return ExpectResult{}, nil
	}
	return ExpectResult{Check: "min_rows", Detail: fmt.Sprintf("the table would have %d rows, and min_rows is %d", n, least)}, nil
}

// maxAge compares the newest time of the table with the clock.
func (e *audit) maxAge(text string) (ExpectResult, error) {
	most, err := setting.ParseDuration(text)
	if err != nil {
		return ExpectResult{}, err
	}
	if e.x.l.time < 0 {
		return ExpectResult{}, errors.New("max_age needs a time column")
	}
	newest, any := int64(0), false
	err = e.scan(e.all, []int{e.x.l.time}, func(v []*stream.Vector, row int) error {
		if !v[0].Null(row) && (!any || v[0].Ints[row] > newest) {
			newest, any = v[0].Ints[row], true
		}
		return nil
	})
	if err != nil {
		return ExpectResult{}, err
	}
	if !any {
		return ExpectResult{Check: "max_age", Detail: "no row has a time, and max_age is " + text}, nil
	}
	at := time.UnixMicro(newest)
	if e.x.l.leaves[e.x.l.time].Kind == stream.Int {
		at = time.Unix(newest, 0)
	}
	if age := e.x.t.wh.now().Sub(at); age > most {
		return ExpectResult{Check: "max_age", Detail: fmt.Sprintf("the newest row is %s old, and max_age is %s", age.Round(time.Second), text)}, nil
	}
	return ExpectResult{}, nil
}
