package intercom

import "github.com/inlay-sync/inlay/stream"

func contactTags() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "contact_tags", Doc: "Which contact has which tag, one row each; complete even where a contact has more than ten.",
			Key: []string{"contact_id", "id"}, Parent: "contacts",
			Columns: []stream.Column{text("contact_id", "the contact"), text("id", "the tag"), text("url", "where the API has it"), kind()},
		},
		permission: permissionPeople,
		way:        under{path: "/contacts/{id}/tags", list: "data", parent: "contact_id", counted: "tags.total_count", inside: "tags.data"},
	}
}
