package decode

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/stream"
)

// contact is a shape of 74 leaves, as people in a customer service have: lists in
// wrappers, structs, eleven instants and an open map.
func contact() stream.Shape {
	var sh stream.Shape
	add := func(k stream.Kind, names ...string) {
		for _, n := range names {
			sh.Fields = append(sh.Fields, field(scalar(n, k)))
		}
	}
	add(stream.String, "type", "id", "workspace_id", "external_id", "role", "email", "phone", "name", "avatar", "owner_id")
	add(stream.Bool, "has_hard_bounced", "marked_email_as_spam", "unsubscribed_from_emails", "sms_consent", "enabled_push_messaging")
	add(stream.Timestamp, "created_at", "updated_at", "signed_up_at", "last_seen_at", "last_replied_at", "last_contacted_at",
		"last_email_opened_at", "last_email_clicked_at", "android_last_seen_at", "ios_last_seen_at", "joined_at")
	add(stream.String, "language_override", "browser", "browser_version", "browser_language", "os", "android_app_name", "android_app_version",
		"android_device", "android_os_version", "android_sdk_version", "ios_app_name", "ios_app_version", "ios_device", "ios_os_version", "ios_sdk_version",
		"utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term", "referrer")
	add(stream.Int, "session_count")
	add(stream.Float, "score")
	add(stream.JSON, "custom_attributes")
	str := func(names ...string) (cols []stream.Column) {
		for _, n := range names {
			cols = append(cols, scalar(n, stream.String))
		}
		return cols
	}
	sh.Fields = append(sh.Fields, field(col("location", stream.StructOf(str("type", "country", "region", "city", "country_code", "continent_code")...))))
	sh.Fields = append(sh.Fields, field(col("social", stream.StructOf(str("twitter", "linkedin")...))))
	for _, name := range []string{"tags", "companies", "notes", "opted_out_subscription_types"} {
		sh.Fields = append(sh.Fields, field(col(name, stream.ListOf(stream.StructOf(str("type", "id", "url")...))), name, "data"))
		sh.Fields = append(sh.Fields, field(scalar(name+"_count", stream.Int), name, "total_count"))
		sh.Omit = append(sh.Omit, []string{name, "type"}, []string{name, "url"}, []string{name, "has_more"})
	}
	return sh
}

func contactText(r *rand.Rand, i int) string {
	null := func(v string) string {
		if r.Intn(3) == 0 {
			return "null"
		}
		return v
	}
	at := func() string { return fmt.Sprint(1700000000 + r.Intn(40000000)) }
	var b strings.Builder
	id := fmt.Sprintf("6762f0%018x", r.Int63())
	fmt.Fprintf(&b, `{"type":"contact","id":"%s","workspace_id":"ab12cd34","external_id":"%d","role":"user","email":"person%d@example.com","phone":%s,"name":"Person N\u00ba %d","avatar":null,"owner_id":%s`,
		id, i, i, null(`"+1555`+at()+`"`), i, null(`"`+at()+`"`))
	fmt.Fprintf(&b, `,"has_hard_bounced":false,"marked_email_as_spam":false,"unsubscribed_from_emails":%t,"created_at":%s,"updated_at":%s,"signed_up_at":%s,"last_seen_at":%s,"last_replied_at":%s,"last_contacted_at":%s,"last_email_opened_at":%s,"last_email_clicked_at":%s`,
		r.Intn(2) == 0, at(), at(), at(), null(at()), null(at()), null(at()), null(at()), null(at()))
	fmt.Fprintf(&b, `,"language_override":null,"browser":"chrome","browser_version":"%d.0.0","browser_language":"en","os":"OS X 10.15.%d","location":{"type":"location","country":"United States","region":"California","city":"San Francisco","country_code":"USA","continent_code":"NA"}`, r.Intn(200), r.Intn(9))
	fmt.Fprintf(&b, `,"social":{"twitter":%s,"linkedin":null},"session_count":%d,"score":%v,"joined_at":%s`, null(`"@p"`), r.Intn(1000), float64(r.Intn(10000))/100, at())
	for _, os := range []string{"android", "ios"} {
		if r.Intn(2) == 0 {
			fmt.Fprintf(&b, `,"%[1]s_app_name":null,"%[1]s_app_version":null,"%[1]s_device":null,"%[1]s_os_version":null,"%[1]s_sdk_version":null,"%[1]s_last_seen_at":null`, os)
		} else {
			fmt.Fprintf(&b, `,"%[1]s_app_name":"Shop","%[1]s_app_version":"4.%[2]d","%[1]s_device":"Model %[2]d","%[1]s_os_version":"17.%[2]d","%[1]s_sdk_version":"9.1","%[1]s_last_seen_at":%[3]s`, os, r.Intn(20), at())
		}
	}
	fmt.Fprintf(&b, `,"custom_attributes":{"plan":"pro","seats":%d,"mrr":%d.5,"trial":false,"note":"some words about this account, as people write them"}`, r.Intn(50), r.Intn(500))
	for _, name := range []string{"tags", "companies", "notes", "opted_out_subscription_types"} {
		fmt.Fprintf(&b, `,"%s":{"type":"list","data":[`, name)
		n := r.Intn(3)
		for k := range n {
			if k > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, `{"id":"%s","type":"%s","url":"/%s/%s"}`, at(), name, name, at())
		}
		fmt.Fprintf(&b, `],"url":"/contacts/%s/%s","total_count":%d,"has_more":false}`, id, name, n)
	}
	b.WriteString(`,"utm_campaign":null,"utm_content":null,"utm_medium":null,"utm_source":null,"utm_term":null,"referrer":null,"sms_consent":false,"enabled_push_messaging":null}`)
	return b.String()
}

func contactPage(rows int) []byte {
	r := rand.New(rand.NewSource(1))
	var b strings.Builder
	b.WriteString(`{"type":"list","data":[`)
	for i := range rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(contactText(r, i))
	}
	b.WriteString(`],"total_count":1000000,"pages":{"type":"pages","page":1,"per_page":150,"total_pages":6667,"next":{"page":2,"starting_after":"WzE3M"}}}`)
	return []byte(b.String())
}

// TestNothingPerRow says that the number of allocations does not grow with the rows.
func TestNothingPerRow(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates by itself")
	}
	allocations := func(rows int) float64 {
		d := decoder(t, contact(), Options{Capture: []string{"id", "updated_at"}})
		page := contactPage(rows)
		keep := func(e Element) bool { v, ok := e.Time(1); return ok && v > 0 }
		read := func() {
			if _, err := d.Page(page, "data", keep); err != nil {
				t.Fatal(err)
			}
			d.Take()
		}
		read()
		return testing.AllocsPerRun(5, read)
	}
	few, many := allocations(100), allocations(1000)
	// The strings that are no slices of the page stand in chunks of 64 KiB.
	if many > few+50 {
		t.Errorf("100 rows take %v allocations, 1000 rows %v", few, many)
	}
	t.Logf("100 rows: %v allocations, 1000 rows: %v", few, many)
}

// BenchmarkPage takes a batch after every 50 pages, BenchmarkBatchOfOne after each.
func BenchmarkPage(b *testing.B)       { benchmarkPage(b, 50) }
func BenchmarkBatchOfOne(b *testing.B) { benchmarkPage(b, 1) }

func benchmarkPage(b *testing.B, pages int) {
	const rows = 150
	sh := contact()
	d := decoder(b, sh, Options{Capture: []string{"id", "updated_at"}})
	page := contactPage(rows)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Page(page, "data", nil); err != nil {
			b.Fatal(err)
		}
		if d.Len() >= pages*rows {
			d.Take()
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(len(page))/rows, "B/row")
	b.ReportMetric(float64(len(d.leaves)), "leaves")
}
