package decode

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/inlay-sync/inlay/stream"
)

// failer is what a test, a fuzz target and a property have in common.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func hmacHex(s string) string {
	h := hmac.New(sha256.New, hashKey)
	h.Write([]byte(s))
	return hex.EncodeToString(h.Sum(nil))
}

// record is a struct value, fields in declared order.
type record struct {
	names  []string
	values []any
}

// rowsOf assembles the values of a batch from its levels alone: nil, string, int64,
// float64, bool, []any, record.
func rowsOf(t failer, rows *stream.Rows) [][]any {
	t.Helper()
	out := make([][]any, rows.N)
	pos := make([]int, len(rows.Leaves))
	for i := range rows.Leaves {
		checkVector(t, &rows.Leaves[i], rows.N)
	}
	for r := range out {
		leaf := 0
		for _, c := range rows.Columns {
			a := assembler{rows: rows, pos: pos}
			out[r] = append(out[r], a.value(c.Type, leaf, 0, 0))
			leaf += width(c.Type)
		}
	}
	for i, p := range pos {
		if p != rows.Leaves[i].Len() {
			t.Fatalf("leaf %v has %d entries, of which %d belong to rows", rows.Leaves[i].Path, rows.Leaves[i].Len(), p)
		}
	}
	return out
}

func checkVector(t failer, v *stream.Vector, n int) {
	t.Helper()
	held := map[stream.Kind]int{stream.Int: len(v.Ints), stream.Timestamp: len(v.Ints), stream.Float: len(v.Floats),
		stream.Bool: len(v.Bools), stream.String: len(v.Strs), stream.JSON: len(v.Strs)}[v.Kind]
	total := len(v.Ints) + len(v.Floats) + len(v.Bools) + len(v.Strs)
	if held != v.Len() || total != held {
		t.Fatalf("leaf %v has %d levels, %d values of its kind, %d of any", v.Path, v.Len(), held, total)
	}
	if v.MaxRep == 0 && (v.Rep != nil || v.Len() != n) {
		t.Fatalf("flat leaf %v has %d entries for %d rows", v.Path, v.Len(), n)
	}
	if v.MaxRep > 0 && len(v.Rep) != v.Len() {
		t.Fatalf("leaf %v has %d repetition levels for %d entries", v.Path, len(v.Rep), v.Len())
	}
}

func width(t stream.Type) int {
	switch t.Kind {
	case stream.List:
		return width(*t.Elem)
	case stream.Struct:
		n := 0
		for _, f := range t.Fields {
			n += width(f.Type)
		}
		return n
	}
	return 1
}

type assembler struct {
	rows *stream.Rows
	pos  []int
}

func (a *assembler) def(leaf int) uint8 { return a.rows.Leaves[leaf].Def[a.pos[leaf]] }

func (a *assembler) pass(from, n int) {
	for l := from; l < from+n; l++ {
		a.pos[l]++
	}
}

func (a *assembler) value(t stream.Type, leaf int, def, rep uint8) any {
	if a.def(leaf) <= def {
		a.pass(leaf, width(t))
		return nil
	}
	switch t.Kind {
	case stream.List:
		return a.list(t, leaf, def, rep)
	case stream.Struct:
		var r record
		for _, f := range t.Fields {
			r.names = append(r.names, f.Name)
			r.values = append(r.values, a.value(f.Type, leaf, def+1, rep))
			leaf += width(f.Type)
		}
		return r
	}
	v, i := &a.rows.Leaves[leaf], a.pos[leaf]
	a.pos[leaf]++
	switch t.Kind {
	case stream.Int, stream.Timestamp:
		return v.Ints[i]
	case stream.Float:
		return v.Floats[i]
	case stream.Bool:
		return v.Bools[i]
	}
	return v.Strs[i]
}

func (a *assembler) list(t stream.Type, leaf int, def, rep uint8) any {
	out := []any{}
	if a.def(leaf) == def+1 {
		a.pass(leaf, width(t))
		return out
	}
	for {
		out = append(out, a.value(*t.Elem, leaf, def+2, rep+1))
		v := &a.rows.Leaves[leaf]
		if a.pos[leaf] >= v.Len() || v.Rep[a.pos[leaf]] < rep+1 {
			return out
		}
	}
}

func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []any:
		var s []string
		for _, e := range v {
			s = append(s, show(e))
		}
		return "[" + strings.Join(s, " ") + "]"
	case record:
		var s []string
		for i, e := range v.values {
			s = append(s, v.names[i]+":"+show(e))
		}
		return "{" + strings.Join(s, " ") + "}"
	}
	return fmt.Sprint(v)
}
