package plan

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Rule says what a change of one attribute does to the data of the tables it feeds. Of the
// rules of one attribute the first that applies decides. A rule for a block holds for
// what stands inside it, unless that has rules of its own; "*" is every attribute of the
// kind of block that has none.
type Rule struct {
	Block     addr.Kind `json:"block"`
	Attribute string    `json:"attribute"`
	// When it applies, in words; "" whenever no rule before it did.
	When   string `json:"when,omitempty"`
	Effect Effect `json:"effect"`
	Why    string `json:"why"`

	applies func(change) bool
}

// change is one attribute's change with the specs around it.
type change struct {
	before, after *spec.Spec
	from, to      any        // the attribute's values
	column        columnKind // of the attributes that name columns
	name          string     // the column's
}

// Rules is the table of all rules, in the order in which they are tried.
func Rules() []Rule {
	return slices.Concat(connectionRules(), sourceRules(), targetRules(), columnRules(), layoutRules(), quietRules(), scheduleRules())
}

func connectionRules() []Rule {
	const c = addr.Connection
	return []Rule{
		{c, "region", "", Reimport, "another region hosts other workspaces, so the rows must come from there", nil},
		{c, "base_url", "both addresses are on this machine", Settings, "a service on this machine may be found at another port each time; a run refuses another workspace", bothLocal},
		{c, "base_url", "", Reimport, "another address may answer for another workspace", nil},
		{c, "api_version", "a column has another type there", Reimport, "the service says the value differently there, so what was stored by the old type may not be what it says now", otherTypes},
		{c, "api_version", "", Settings, "the declared columns hold the same; new ones are shown as columns", nil},
		{c, "rate_limit", "", Settings, "it changes how fast rows come, not which", nil},
		{c, "timeout", "", Settings, "it bounds a run", nil},
		{c, "max_calls", "", Settings, "it bounds a run", nil},
		{c, "oauth.account", "both name an account", Reimport, "another account is another workspace", bothSet},
		{c, "oauth", "", Settings, "credentials of the same workspace; a run refuses those of another", nil},
		{c, "sandbox.latency", "", Settings, "it changes how fast rows come, not which", nil},
		{c, "sandbox.requests_per_window", "", Settings, "it changes how fast rows come, not which", nil},
		{c, "sandbox.growth", "", Settings, "it changes which rows are added from now on", nil},
		{c, "sandbox", "", Reimport, "another simulated workspace has other rows", nil},
		{c, "enabled", "", Settings, "a disabled connection is not read; its tables stay", nil},
		{c, "*", "", Reimport, "nothing is known of this setting, and it may lead to other rows", nil},
	}
}

func sourceRules() []Rule {
	const s = addr.Source
	return []Rule{
		{s, "connection", "", Settings, "what it is set to is compared by itself; a run refuses rows of another workspace unless -reimport says so", nil},
		{s, "stream", "", Reimport, "another stream has other rows", nil},
		{s, "incremental", "", Settings, "the table keeps its rows; the next run reads accordingly", nil},
		{s, "cursor", "the bookmark's column stays the same", Settings, "there is no position in another column", sameCursor},
		{s, "cursor", "", Reimport, "the saved position counts in the other column, and rows that changed since they were read were never seen", nil},
		{s, "since", "it is later, or says the same", Settings, "rows that were read stay; a full read starts there next time", laterSince},
		{s, "since", "every run replaces the table", Reimport, "the table holds one whole read, which began later", replaces},
		{s, "since", "every run appends a whole read", Settings, "the next copy begins there; earlier copies stay as they were", appendsCopies},
		{s, "since", "", Backfill, "older rows are read in addition; the bookmark stays", nil},
		{s, "lookback", "", Settings, "the next run starts its read from further or less far back", nil},
		{s, "filter", "", Reimport, "the service is asked for other rows", nil},
		{s, "expand", "it asks for less", Settings, "rows that were read stay complete", asksLess},
		{s, "expand", "", Reimport, "rows that were read hold lists that the service had cut short", nil},
		{s, "enabled", "", Settings, "a disabled source is not read; its tables stay", nil},
		{s, "*", "", Reimport, "nothing is known of this setting, and it may ask for other rows", nil},
	}
}

func targetRules() []Rule {
	const t = addr.Target
	return []Rule{
		{t, "database", "", Move, "the same table at another path", nil},
		{t, "table", "", Move, "the same table at another path", nil},
		{t, "source", "", Settings, "what the source asks for is compared by itself", nil},
		{t, "mode", "it becomes upsert, by a key that the table's files lack", Reimport, "one row per key is kept, and no older row has that key", becomesUpsertUnkeyed},
		{t, "mode", "it becomes upsert", Rewrite, "one row per key is kept, the newest; the rest is in the table already", becomesUpsert},
		{t, "mode", "it becomes replace and the table holds more than one read", Reimport, "the table shall hold one whole read, and holds rows of many", startsReplacing},
		{t, "mode", "", Settings, "the rows stay; the next run adds to them or replaces them", nil},
		{t, "key", "in upsert, and the table's files lack it", Reimport, "one row per key is kept, and no older row has the new key", upsertsUnkeyed},
		{t, "key", "in upsert", Rewrite, "one row per key is kept, by the new key", upserts},
		{t, "key", "", Settings, "the next run recognises rows by the new key", nil},
		{t, "hash_key", "both keys are known", Reimport, "hashes by the old key cannot be turned into hashes by the new one", bothSet},
		{t, "hash_key", "", Settings, "no value was hashed by another key", nil},
		{t, "time_column", "it names the same column as before", Settings, "rows stay in their partitions", sameTimeColumn},
		{t, "time_column", "the added time takes its place", Reimport, "when older rows were uploaded is not recorded", losesTime},
		{t, "time_column", "the table lacks the column", Reimport, "the table's files cannot say which partition a row belongs to", lacksTimeColumn},
		{t, "time_column", "", Rewrite, "rows move to partitions of the other column", nil},
		{t, "time", "the added time becomes the moment of the upload", Reimport, "when older rows were uploaded is not recorded", nowUploadTime},
		{t, "time", "the table lacks the column it is read from", Reimport, "the table's files do not hold the time", lacksTimeSource},
		{t, "time", "", Rewrite, "the added time is read again from the table's own column", nil},
		{t, "deletes", "rows are marked, before or after", Rewrite, "the column _deleted_at is added or goes", marks},
		{t, "deletes", "", Settings, "the next whole read finds what vanished", nil},
	}
}

// columnRules are those of the columns a table has, whether columns, a column block or the
// stream's declaration is what changed.
func columnRules() []Rule {
	var out []Rule
	for _, attribute := range []string{"columns", "column"} {
		out = append(out, []Rule{
			{addr.Target, attribute, "a column that was left out comes back", Reimport, "what was left out was never stored", kind(columnRestored)},
			{addr.Target, attribute, "a column is no longer hashed", Reimport, "the value cannot be had from its hash", kind(columnUncovered)},
			{addr.Target, attribute, "the table's files cannot give the column as it shall be", Reimport, "what a rewrite would need was never stored, or cannot be told from what was", cannotGive},
			{addr.Target, attribute, "a column is new", Rewrite, "every part gets the column, filled from _rest or JSON where that holds it", kind(columnAdded)},
			{addr.Target, attribute, "a column is left out", Rewrite, "it is removed from every part, and from older snapshots once readers are done", kind(columnDropped)},
			{addr.Target, attribute, "a column is renamed", Rewrite, "every part gets the new name", kind(columnRenamed)},
			{addr.Target, attribute, "fields are added inside a column", Rewrite, "every part gets the fields", kind(columnWidened)},
			{addr.Target, attribute, "a column has another type", Rewrite, "every value is written again as the other type; one that does not fit goes to _rest", kind(columnRetyped)},
			{addr.Target, attribute, "a column is hashed", Rewrite, "the value is replaced by its hash in every part, and older snapshots go once readers are done", kind(columnHashed)},
			{addr.Target, attribute, "", Settings, "the table's columns are the same", nil},
		}...)
	}
	return out
}

func layoutRules() []Rule {
	const t = addr.Target
	return []Rule{
		{t, "partition", "", Rewrite, "rows move to other folders", nil},
		{t, "timezone", "the table has no partitions, and no time is read in the zone", Settings, "nothing on disk depends on the zone", zoneIdle},
		{t, "timezone", "", Rewrite, "partitions begin and end at other instants", nil},
		{t, "compression", "", Settings, "new parts are written so; table compact does the old ones", nil},
		{t, "sort_by", "", Settings, "new parts are written so; table compact does the old ones", nil},
		{t, "max_file_size", "", Settings, "new parts are written so; table compact does the old ones", nil},
		{t, "retain", "", Settings, "the next commit keeps so many snapshots", nil},
	}
}

// quietRules are those of attributes that never touch what a table holds.
func quietRules() []Rule {
	const t = addr.Target
	return []Rule{
		{t, "auto_create", "", Settings, "it is asked when a table is missing", nil},
		{t, "on_schema_change", "", Settings, "it is asked when the declared columns differ", nil},
		{t, "expect", "", Settings, "the next commit is held to it", nil},
		{t, "reconcile", "", Settings, "the next read is held to it", nil},
		{t, "max_shrink", "", Settings, "the next commit is held to it", nil},
		{t, "on_remove", "", Settings, "it is asked when the block goes", nil},
		{t, "prevent_destroy", "", Settings, "it is asked before rows would go", nil},
		{t, spec.Catalog, "", Settings, "the table is shown there from now on; no row is read or written for it", nil},
		{t, "schedule", "", Settings, "slots count from now on; nothing is imported by it", nil},
		{t, "first_import", "", Settings, "it is asked when the table is new", nil},
		{t, "time_column_auto", "", Settings, "the column that was found is what counts", nil},
		{t, "enabled", "", Settings, "a disabled target is not imported; its table stays", nil},
		{t, "*", "", Reimport, "nothing is known of this setting, and it may decide what the table holds", nil},
		{addr.Connection, "prevent_destroy", "", Settings, "it is asked when the block goes", nil},
		{addr.Source, "prevent_destroy", "", Settings, "it is asked when the block goes", nil},
	}
}

func scheduleRules() []Rule {
	return []Rule{
		{addr.Schedule, "*", "", Settings, "slots count from now on; no history is touched and nothing is imported by it", nil},
	}
}

func kind(k columnKind) func(change) bool { return func(c change) bool { return c.column == k } }

func bothSet(c change) bool {
	from, _ := c.from.(string)
	to, _ := c.to.(string)
	return from != "" && to != ""
}

func bothLocal(c change) bool { return local(c.from) && local(c.to) }

func local(v any) bool {
	text, _ := v.(string)
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

func otherTypes(c change) bool {
	return slices.ContainsFunc(columnChanges(c.before.Shape, c.after.Shape), func(d columnChange) bool { return d.kind == columnRetyped })
}

func sameCursor(c change) bool {
	if c.before.Cursor == "" || c.after.Cursor == "" {
		return true
	}
	return sameColumn(c.before, c.before.Cursor, c.after, c.after.Cursor)
}

func laterSince(c change) bool { return !earlier(c.after.Since, c.before.Since) }

func replaces(c change) bool { return strings.HasPrefix(c.after.Mode(), spec.Replace) }

func appendsCopies(c change) bool { return c.after.Mode() == spec.Append && !c.after.Incremental() }

func asksLess(c change) bool {
	from, _ := c.from.([]any)
	to, _ := c.to.([]any)
	return !slices.ContainsFunc(to, func(e any) bool {
		return !slices.ContainsFunc(from, func(f any) bool { return same(e, f) })
	})
}

func upserts(c change) bool              { return becomesUpsert(c) && c.before.Mode() == spec.Upsert }
func upsertsUnkeyed(c change) bool       { return upserts(c) && unkeyed(c) }
func becomesUpsert(c change) bool        { return c.after.Mode() == spec.Upsert }
func becomesUpsertUnkeyed(c change) bool { return becomesUpsert(c) && unkeyed(c) }
func unkeyed(c change) bool              { return c.keyLacks() != "" }
func cannotGive(c change) bool           { return c.columnLacks() != "" }

func startsReplacing(c change) bool {
	return replaces(c) && !strings.HasPrefix(c.before.Mode(), spec.Replace)
}

func sameTimeColumn(c change) bool {
	return c.before.AddsTime() == c.after.AddsTime() &&
		sameColumn(c.before, c.before.TimeColumn(), c.after, c.after.TimeColumn())
}

func losesTime(c change) bool { return c.after.AddsTime() && !c.after.Target.Has("time") }

func lacksTimeColumn(c change) bool { return !c.after.AddsTime() && lacks(c, c.after.TimeColumn()) }

func nowUploadTime(c change) bool { return c.after.AddsTime() && !c.after.Target.Has("time") }

func lacksTimeSource(c change) bool {
	return c.after.AddsTime() && lacks(c, c.after.Target.Block("time").String("from"))
}

// lacks reports whether the table holds no plain values for a column of the new spec.
func lacks(c change, name string) bool {
	wanted, ok := fieldCalled(c.after.Shape.Fields, name)
	return !ok || !slices.ContainsFunc(c.before.Shape.Fields, func(f stream.Field) bool {
		return !f.Hash && slices.Equal(place(f), place(wanted))
	})
}

func marks(c change) bool { return c.from == "mark" || c.to == "mark" }

func zoneIdle(c change) bool {
	return c.before.Target.String("partition") == "none" && c.after.Target.String("partition") == "none" &&
		!c.after.Target.Has("time")
}
