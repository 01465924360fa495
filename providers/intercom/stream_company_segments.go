package intercom

import "github.com/inlay-sync/inlay/stream"

func companySegments() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "company_segments", Doc: "Which company is in which segment, one row each; one request per company.",
			Key: []string{"company_id", "id"}, Parent: "companies",
			Columns: []stream.Column{
				text("company_id", "Intercom's id of the company"), text("id", "the segment"), text("name", "name of the segment"),
				moment("created_at", "when the segment was defined"), moment("updated_at", "when its definition last changed"),
				text("person_type", "contact or user"), number("count", "how many match"), kind(),
			},
		},
		permission: permissionPeople,
		way:        under{path: "/companies/{id}/segments", list: "data", parent: "company_id"},
	}
}
