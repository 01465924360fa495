package intercom

import "github.com/inlay-sync/inlay/stream"

func contactCompanies() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "contact_companies", Doc: "Which contact belongs to which company, one row each; complete even where a contact has more than ten.",
			Key: []string{"contact_id", "id"}, Parent: "contacts",
			Columns: []stream.Column{text("contact_id", "the contact"), text("id", "the company"), text("url", "where the API has it"), kind()},
		},
		permission: permissionPeople,
		way:        under{path: "/contacts/{id}/companies", list: "data", parent: "contact_id", paging: numbered, counted: "companies.total_count", inside: "companies.data"},
	}
}
