package intercom

import "github.com/inlay-sync/inlay/stream"

func companies() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "companies", Doc: "Companies, read through the one scroll an app may have.", Key: []string{"id"},
			Columns: companyColumns(), Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at",
		},
		wrapped:    []wrapping{{"tags", "tags", ""}, {"segments", "segments", ""}, {"notes", "data", "notes_count"}},
		added:      map[string]version{"notes": {2, 15}, "notes_count": {2, 15}},
		permission: permissionPeople,
		way:        scroll{path: "/companies/scroll", list: "data"},
	}
}

func companyColumns() []stream.Column {
	return []stream.Column{
		text("id", "Intercom's id of the company"),
		text("company_id", "your own id of the company"),
		text("app_id", "the workspace it belongs to"),
		text("name", "name"),
		moment("created_at", "when it was added to Intercom"),
		moment("updated_at", "when it last changed"),
		moment("remote_created_at", "when you say it was created"),
		moment("last_request_at", "when one of its people was last seen"),
		number("size", "number of employees"),
		text("website", "address of the website"),
		text("industry", "industry"),
		float("monthly_spend", "what it pays you a month"),
		number("session_count", "sessions of its people"),
		number("user_count", "how many people it has"),
		record("plan", "the plan it is on", kind(), text("id", "plan id"), text("name", "plan")),
		list("tags", "tags on the company", kind(), text("id", "tag id"), text("name", "tag")),
		list("segments", "segments it is in", kind(), text("id", "segment id"), text("name", "segment"),
			moment("created_at", "when the segment was defined"), moment("updated_at", "when its definition last changed"),
			text("person_type", "contact or user")),
		addressed("notes", "notes on the company, the first ten"),
		number("notes_count", "how many notes there are"),
		open("custom_attributes", "attributes of your own making"),
		kind(),
	}
}
