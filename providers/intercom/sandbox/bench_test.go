package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"
)

// BenchmarkSearchPages reads pages of 150 contacts over HTTP with gzip and
// reports rows a second.
func BenchmarkSearchPages(b *testing.B) {
	s := must(Start(b.Context(), Options{Contacts: 300_000, RateLimit: 1 << 30, Now: func() time.Time { return testNow }}, "127.0.0.1:0"))
	defer s.Close()
	cursor := ""
	rows, size := 0, 0
	ask := func() {
		page := map[string]any{"per_page": 150}
		if cursor != "" {
			page["starting_after"] = cursor
		}
		body := must(json.Marshal(map[string]any{"query": where("updated_at", ">", 0), "pagination": page,
			"sort": map[string]any{"field": "updated_at", "order": "ascending"}}))
		r := must(http.NewRequest("POST", s.URL+"/contacts/search", bytes.NewReader(body)))
		r.Header.Set("Authorization", "Bearer sandbox")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept-Encoding", "gzip")
		resp := must(http.DefaultClient.Do(r))
		text := must(io.ReadAll(resp.Body))
		resp.Body.Close()
		rows, size = rows+150, size+len(text)
	}
	ask()
	rows, size = 0, 0
	for b.Loop() {
		ask()
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(size)/float64(rows), "bytes/row")
}
