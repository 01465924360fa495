package intercom

import "github.com/inlay-sync/inlay/stream"

func contactNotes() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "contact_notes", Doc: "Notes on contacts; one request per contact that has any.",
			Key: []string{"contact_id", "id"}, Parent: "contacts",
			Columns: []stream.Column{
				text("id", "Intercom's id of the note"), text("contact_id", "the contact it is about"),
				moment("created_at", "when it was written"), text("body", "its HTML"),
				record("author", "the admin who wrote it", kind(), text("id", "admin id"), text("name", "name"), text("email", "e-mail address"),
					flag("away_mode_enabled", "is away"), flag("away_mode_reassign", "replies to them go to others while away")),
				reference("contact", "the contact it is about"), kind(),
			},
		},
		permission: permissionPeople,
		way:        under{path: "/contacts/{id}/notes", list: "data", parent: "contact_id", paging: numbered, counted: "notes.total_count"},
	}
}
