package intercom

import "github.com/inlay-sync/inlay/stream"

func contactSegments() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "contact_segments", Doc: "Which contact is in which segment, one row each; one request per contact.",
			Key: []string{"contact_id", "id"}, Parent: "contacts",
			Columns: []stream.Column{
				text("contact_id", "the contact"), text("id", "the segment"), text("name", "name of the segment"),
				moment("created_at", "when the segment was defined"), moment("updated_at", "when its definition last changed"),
				text("person_type", "contact or user"), kind(),
			},
		},
		permission: permissionPeople,
		way:        under{path: "/contacts/{id}/segments", list: "data", parent: "contact_id"},
	}
}
