package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// Modes that decide what the other settings of a target may be.
const (
	modeAppend  = "append"
	modeReplace = "replace"
	modeUpsert  = "upsert"
)

// checkTargets gives every target its stream, shape, key and time column, and checks what
// its settings say about columns.
func (l *load) checkTargets(cfg *Config) {
	shapes := map[shapeKey]stream.Shape{}
	for i := range cfg.Targets {
		t := &cfg.Targets[i]
		l.nameTable(t)
		l.checkBounds(t)
		l.checkFormat(t)
		src := cfg.Source(t.Source)
		if src == nil || src.Stream.Name == "" {
			continue // reported
		}
		t.Stream = src.Stream
		l.checkMode(t, src)
		if shapeBroken(t) || !l.shape(t, src, shapes) {
			continue
		}
		l.checkKey(t)
		l.checkDeletionFeed(t, src)
		l.checkTime(t)
		l.checkColumnLists(t)
		l.checkHashes(cfg, t, src)
	}
	l.checkPaths(cfg)
}

// shapeBroken is true when some column of the target is not known, which was reported.
func shapeBroken(t *Target) bool {
	for path := range t.broken {
		if path == "columns" || path == "column" || strings.HasPrefix(path, "column.") {
			return true
		}
	}
	return false
}

// nameTable fills in the default of table, which is the block's name.
func (l *load) nameTable(t *Target) {
	if !t.broken["table"] && t.Table == "" {
		t.Table = t.Address.Name
		if err := checkName(t.Address.Name); err != nil {
			l.blame(sumForm, &t.Block, "table", "The table is called like the block unless the attribute table says otherwise, and %v Add table = \"%s\".", err, strings.ReplaceAll(t.Address.Name, "-", "_"))
		}
	}
}

// checkBounds refuses numbers that a target could do nothing with.
func (l *load) checkBounds(t *Target) {
	if share := t.Settings.Float("max_shrink"); share < 0 || share > 1 {
		l.blame(sumRange, &t.Block, "max_shrink", "max_shrink is a share of the table's rows, from 0 (lose none) to 1 (lose all), and this is %v.", share)
	}
	if n := t.Settings.Int("retain"); n < 0 {
		l.blame(sumRange, &t.Block, "retain", "retain counts snapshots, and this is %d. With 0 only the current one is kept, and for an hour the ones before it.", n)
	}
}

// checkFormat lets who offers the table format look at the target as a whole.
func (l *load) checkFormat(t *Target) {
	check := l.catalogue.CheckTarget[t.Format]
	if check == nil {
		return
	}
	written := func(attribute string) bool { _, ok := t.Ranges[attribute]; return ok }
	for _, f := range check(t.Settings, written) {
		summary := sumMissing
		if written(f.Attribute) {
			summary = sumForm
		}
		l.blame(summary, &t.Block, f.Attribute, "%s", f.Detail)
	}
}

func (l *load) checkMode(t *Target, src *Source) {
	mode, incremental := t.Settings.String("mode"), src.Settings.Bool("incremental")
	if mode == modeReplace && incremental {
		l.blame(sumMode, &t.Block, "mode", "mode = \"replace\" puts the rows of each run in place of all others, but %s reads only what is new, so all older rows would be lost. Use \"append\" or \"upsert\", or \"replace_on_new_data\", or take incremental = true out of the source.", src.Address)
	}
	deletes := t.Settings.String("deletes")
	if deletes == "" || deletes == "keep" {
		return
	}
	switch {
	case mode == modeAppend:
		l.blame(sumDeletes, &t.Block, "deletes", "deletes = %q cannot be used in append, which never alters a row that is there. Use mode = \"upsert\".", deletes)
	case incremental && !src.Stream.DeletionFeed:
		l.blame(sumDeletes, &t.Block, "deletes", "Rows of this stream that vanished upstream show only when everything is read, and %s reads only what is new. Take incremental = true out of the source, or leave deletes out.", src.Address)
	}
}

// shapeKey recognises targets that have the same shape, as most have.
type shapeKey struct{ source, needed, columns, overrides string }

func (l *load) shape(t *Target, src *Source, known map[shapeKey]stream.Shape) bool {
	selection := t.Settings.Strings("columns")
	overrides := overridesOf(t.Settings)
	needed := slices.Concat(t.Stream.Key, []string{src.Cursor})
	key := shapeKey{src.Connection.String() + " " + t.Stream.Name, src.Cursor, strings.Join(selection, "\x00"), fmt.Sprint(overrides)}
	sh, ok := known[key]
	if !ok {
		var whole bool
		if sh, whole, ok = l.newShape(t, selection, overrides, needed); !ok {
			return false
		}
		if whole {
			known[key] = sh
		}
	}
	t.Shape = sh
	t.Cursor, _ = nameInTable(sh, src.Cursor)
	t.Updated, _ = nameInTable(sh, t.Stream.Updated)
	return true
}

// newShape works out a shape and reports every column that cannot be. With a selection
// that is wrong the shape is not whole but has all columns, so that the rest of the target
// can be looked at; with a column block that is wrong, it is not ok.
func (l *load) newShape(t *Target, selection []string, overrides []stream.Override, needed []string) (sh stream.Shape, whole, ok bool) {
	whole, ok = true, true
	for {
		sh, err := t.Stream.Shape(selection, overrides, needed)
		if err == nil {
			return sh, whole, ok
		}
		l.blameShape(t, err, selection)
		e, known := err.(*stream.ShapeError)
		if !known {
			return sh, false, false
		}
		before := len(overrides)
		overrides = slices.DeleteFunc(overrides, func(o stream.Override) bool { return o.Name == e.Column || o.From == e.Column })
		switch {
		case len(overrides) < before:
			ok = false
		case selection != nil:
			selection, whole = nil, false
		default:
			return sh, false, false
		}
	}
}

// overridesOf reads the column blocks.
func overridesOf(v setting.Values) []stream.Override {
	var out []stream.Override
	for _, b := range v.Blocks("column") {
		out = append(out, stream.Override{Name: b.String("name"), From: b.String("from"), Type: b.String("type"), Hash: b.Bool("hash")})
	}
	return out
}

// blameShape reports a column that cannot be, at the column block or the selection that
// asks for it.
func (l *load) blameShape(t *Target, err error, selection []string) {
	e, ok := err.(*stream.ShapeError)
	if !ok {
		l.blame(sumColumn, &t.Block, "columns", "%v.", err)
		return
	}
	at := "columns"
	for _, o := range overridesOf(t.Settings) {
		switch e.Column {
		case o.From:
			at = "column." + o.Name + ".from"
		case o.Name:
			at = "column." + o.Name
		}
	}
	if slices.Contains(selection, e.Column) {
		at = "columns"
	}
	meant := ""
	if len(e.Known) > 0 { // of a path the first name is the column
		root, _, _ := strings.Cut(strings.TrimPrefix(e.Column, "-"), ".")
		meant = hint(root, e.Known)
	}
	l.blame(sumColumn, &t.Block, at, "%q cannot be a column here: %s.%s", e.Column, e.Problem, meant)
}

// nameInTable returns the name that a column of the stream has in the table; "" when it is
// left out.
func nameInTable(sh stream.Shape, column string) (string, bool) {
	for _, f := range sh.Fields {
		if len(f.From) == 1 && f.From[0] == column {
			return f.Name, true
		}
	}
	return "", false
}

// checkKey takes the key that is written, or the stream's.
func (l *load) checkKey(t *Target) {
	written := t.Settings.Strings("key")
	for _, c := range written {
		if !hasField(t.Shape, c) {
			l.blame(sumKey, &t.Block, "key", "The table has no column %q.%s", c, hint(c, fieldNames(t.Shape)))
			return
		}
	}
	t.Key = written
	if len(written) == 0 {
		for _, c := range t.Stream.Key {
			if name, ok := nameInTable(t.Shape, c); ok {
				t.Key = append(t.Key, name)
			}
		}
	}
	if len(t.Key) == 0 && t.Settings.String("mode") == modeUpsert {
		l.blame(sumKey, &t.Block, "mode", "mode = \"upsert\" keeps one row for each key, and the stream %q has none. Say with key = [...] which columns identify a row, or use another mode.", t.Stream.Name)
	}
}

// checkDeletionFeed refuses a key by which the rows that the service says are gone could not
// be found.
func (l *load) checkDeletionFeed(t *Target, src *Source) {
	deletes := t.Settings.String("deletes")
	if deletes == "" || deletes == "keep" || !src.Settings.Bool("incremental") || !src.Stream.DeletionFeed {
		return
	}
	for i, c := range src.Stream.Key {
		name, _ := nameInTable(t.Shape, c)
		hashed := slices.ContainsFunc(t.Shape.Fields, func(f stream.Field) bool { return f.Name == name && f.Hash })
		if hashed || len(t.Key) != len(src.Stream.Key) || t.Key[i] != name {
			l.blame(sumDeletes, &t.Block, "deletes", "The service names the rows that were deleted by %s, and the table is keyed by something else, so they could not be found in it. Take key = [...] and the hash of %s out, or leave deletes out.", c, c)
			return
		}
	}
}

// checkHashes refuses hashed columns without a key to hash with, and a hashed cursor.
func (l *load) checkHashes(cfg *Config, t *Target, src *Source) {
	for _, f := range t.Shape.Fields {
		if !f.Hash {
			continue
		}
		at := "column." + f.Name + ".hash"
		if _, declared := cfg.Inlay.Ranges["hash_key"]; !declared && !cfg.Inlay.broken["hash_key"] {
			l.blame(sumColumn, &t.Block, at, "hash = true needs a key to hash with. Add hash_key = env(\"INLAY_HASH_KEY\") to the inlay block.")
		}
		if src.Cursor != "" && f.Name == t.Cursor {
			l.blame(sumColumn, &t.Block, at, "%q is the cursor of %s: what is new is told by its value, so it cannot be hashed.", f.Name, src.Address)
		}
	}
}

// checkPaths refuses two targets with one table. Names that differ only in case are one
// name to many file systems.
func (l *load) checkPaths(cfg *Config) {
	seen := map[string]*Target{}
	byText := make([]*Target, len(cfg.Targets))
	for i := range cfg.Targets {
		byText[i] = &cfg.Targets[i]
	}
	slices.SortStableFunc(byText, func(a, b *Target) int { return compareRange(a.Range, b.Range) })
	for _, t := range byText {
		if t.Database == "" || t.Table == "" {
			continue
		}
		path := strings.ToLower(t.Path())
		first := seen[path]
		if first == nil {
			seen[path] = t
			continue
		}
		more := ""
		if t.Address.Keyed && first.Address.Name == t.Address.Name {
			more = " Under for_each, make the name differ: table = each.key."
		}
		l.blame(sumSamePath, &t.Block, "table", "%s at %s and %s at %s would both be the table %s. Give one of them another database or table.%s",
			t.Address, lineOf(t.Range), first.Address, lineOf(first.Range), t.Path(), more)
	}
}

func lineOf(r Range) string { return fmt.Sprintf("%s:%d", r.File, r.Line) }
