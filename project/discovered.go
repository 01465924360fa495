package project

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// discoveryWriter writes offers as HCL.
type discoveryWriter struct {
	connection    *lang.Connection
	taken         map[string]bool
	written, left int
	b             strings.Builder
}

// remark writes a comment of as many lines as it takes.
func (w *discoveryWriter) remark(format string, args ...any) {
	line := "#"
	for word := range strings.FieldsSeq(strings.Map(printable, fmt.Sprintf(format, args...))) {
		if len(line)+len(word) > 96 && line != "#" {
			w.b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	w.b.WriteString(line + "\n")
}

// printable keeps what an account says from being anything but text in a comment.
func printable(r rune) rune {
	if !unicode.IsPrint(r) {
		return ' '
	}
	return r
}

// offer writes one stream: a source and a target, or why there are none.
func (w *discoveryWriter) offer(o providers.Offer, s stream.Stream, reader addr.Address) {
	w.b.WriteString("\n")
	w.remark("%s: %s", o.Stream, s.Doc)
	for _, note := range o.Notes {
		w.remark("%s", note)
	}
	switch {
	case !reader.IsZero():
		w.left++
		w.remark("It is left out: %s reads it already.", reader)
		return
	case o.Without != "":
		w.left++
		w.remark("It is left out. %s", o.Without)
		return
	}
	w.written++
	name, database := w.name(s)
	way := wayOf(s)
	fmt.Fprintf(&w.b, "source %s %s {\n  connection = %s\n  stream = %s\n", lang.Quote(w.connection.Provider), lang.Quote(name), w.connection.Address, lang.Quote(s.Name))
	if way.cursor != "" {
		w.b.WriteString("  incremental = true\n")
		if way.cursor != s.Cursors[0] {
			fmt.Fprintf(&w.b, "  cursor = %s\n", lang.Quote(way.cursor))
		}
	}
	fmt.Fprintf(&w.b, "}\n\ntarget \"parquet\" %s {\n  source = source.%s.%s\n  database = %s\n  table = %s\n  mode = %s\n",
		lang.Quote(name), w.connection.Provider, name, lang.Quote(database), lang.Quote(s.Name), lang.Quote(way.mode))
	if way.time != "" {
		fmt.Fprintf(&w.b, "  time_column = %s\n", lang.Quote(way.time))
	}
	w.columns(o, s)
	w.b.WriteString("}\n")
}

// name finds a free name for the blocks of a stream, and a database in which its table is free.
func (w *discoveryWriter) name(s stream.Stream) (name, database string) {
	c := w.connection.Address
	database = tableWord(c.Name)
	if c.Keyed {
		database += "_" + tableWord(c.Key)
	}
	free := func(n, d string) bool {
		return !w.taken["source."+w.connection.Provider+"."+n] && !w.taken["target.parquet."+n] && !w.taken[strings.ToLower("table."+d+"."+s.Name)]
	}
	name, base := s.Name, database
	for i := 1; !free(name, database); i++ {
		name, database = base+"_"+s.Name, base
		if i > 1 {
			name, database = fmt.Sprintf("%s_%d", name, i), fmt.Sprintf("%s_%d", base, i)
		}
	}
	return name, database
}

// tableWord keeps of a text what can stand in the name of a database.
func tableWord(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return '_'
		}
		return r
	}, text)
}

// way is how a stream is best kept in a table.
type way struct{ cursor, mode, time string }

// wayOf chooses: rows that change are taken over as they change, rows that only come are
// appended, and what cannot be read from a position is replaced.
func wayOf(s stream.Stream) way {
	out := way{mode: spec.Replace}
	switch {
	case s.Updated != "" && slices.Contains(s.Cursors, s.Updated) && len(s.Key) > 0:
		out.cursor, out.mode = s.Updated, spec.Upsert
	case len(s.Cursors) > 0:
		out.cursor, out.mode = s.Cursors[0], spec.Append
	}
	if c, ok := s.Column("created_at"); ok && c.Type.Kind == stream.Timestamp {
		out.time = c.Name
	}
	return out
}

// columns writes a column block for each promotion, under a name that no other column has.
func (w *discoveryWriter) columns(o providers.Offer, s stream.Stream) {
	used := map[string]bool{spec.UploadTime: true}
	for _, c := range s.Columns {
		used[strings.ToLower(c.Name)] = true
	}
	for _, p := range o.Promotions {
		name := columnName(p.From[len(p.From)-1], used)
		used[name] = true
		w.b.WriteString("\n")
		if p.Doc != "" {
			w.b.WriteString("  ")
			w.remark("%s", p.Doc)
		}
		fmt.Fprintf(&w.b, "  column %s {\n    from = %s\n    type = %s\n  }\n", lang.Quote(name), lang.Quote(strings.Join(p.From, ".")), lang.Quote(string(p.Type)))
	}
}

// columnName makes the name of a column from that of an attribute: small letters, digits
// and _, beginning with a letter, and free.
func columnName(attribute string, used map[string]bool) string {
	name := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return '_'
		}
		return unicode.ToLower(r)
	}, attribute)
	if first := []rune(name + "_")[0]; !unicode.IsLetter(first) || used[name] {
		name = "custom_" + strings.TrimLeft(name, "_")
	}
	free := name
	for i := 2; used[free]; i++ {
		free = fmt.Sprintf("%s_%d", name, i)
	}
	return free
}
