package intercom

import "github.com/inlay-sync/inlay/stream"

func ticketParts() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "ticket_parts", Doc: "Messages and events of tickets: every part of every ticket that changed; Intercom gives at most 500 of each.",
			Key: []string{"ticket_id", "id"}, Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at", MinVersion: "2.10", Parent: "tickets",
			Columns: []stream.Column{
				text("id", "Intercom's id of the part"), text("ticket_id", "id of the ticket it belongs to"),
				text("part_type", "comment, note, assignment, …"), text("body", "its HTML"),
				text("previous_ticket_state", "state of the ticket before it"), text("ticket_state", "state of the ticket after it"),
				moment("created_at", "when it was written"), moment("updated_at", "when it last changed"),
				reference("assigned_to", "who the ticket was assigned to"), author(), attachments(),
				text("external_id", "id in the system it came from"), flag("redacted", "its content was removed"),
				text("app_package_code", "the app that made it"), open("updated_attribute_data", "what changed, for an event"), kind(),
			},
		},
		permission: permissionTickets,
		way:        within{list: "ticket_parts.ticket_parts", parent: "ticket_id"},
	}
}
