package intercom

import "github.com/inlay-sync/inlay/stream"

const permissionTickets = "Read tickets"

func tickets() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "tickets", Doc: "Tickets, without their parts.", Key: []string{"id"}, Columns: ticketColumns(),
			Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at", MinVersion: "2.10", Announced: true,
		},
		wrapped:    []wrapping{{"contacts", "contacts", ""}, {"linked_objects", "data", "linked_objects_count"}},
		former:     []former{{version{2, 12}, text("ticket_state", "submitted, in_progress, waiting_on_customer or resolved")}},
		permission: permissionTickets,
		way:        ticketSearch(),
	}
}

func ticketSearch() search {
	return search{path: "/tickets/search", list: "tickets",
		names: filterNames{"type": "ticket_type_id", "admin": "admin_assignee_id", "team": "team_assignee_id", "contact": "contact_ids"}, fields: ticketFields()}
}

func ticketColumns() []stream.Column {
	return []stream.Column{
		text("id", "Intercom's id of the ticket"),
		text("ticket_id", "the number people see"),
		text("category", "Customer, Back-office or Tracker"),
		record("ticket_state", "its state", kind(), text("id", "state id"),
			text("category", "submitted, in_progress, waiting_on_customer or resolved"),
			text("internal_label", "what admins see"), text("external_label", "what contacts see")),
		record("ticket_type", "its type", kind(), text("id", "type id"), text("name", "type"), text("category", "category of the type"),
			text("description", "what the type is for"), text("icon", "icon"), text("workspace_id", "workspace"), flag("archived", "the type is archived"),
			flag("is_internal", "only admins see such tickets"), moment("created_at", "when the type was made"), moment("updated_at", "when the type last changed"),
			open("ticket_type_attributes", "attributes of the type"), open("ticket_states", "states of the type")),
		open("ticket_attributes", "attributes of the ticket"),
		list("contacts", "contacts it is about", kind(), text("id", "contact id"), text("external_id", "your own id of the contact")),
		text("admin_assignee_id", "id of the admin it is assigned to; 0 for none"),
		text("team_assignee_id", "id of the team it is assigned to; 0 for none"),
		moment("created_at", "when it was made"),
		moment("updated_at", "when it last changed"),
		moment("snoozed_until", "until when it is snoozed"),
		flag("open", "whether it is open"),
		flag("is_shared", "whether contacts see it"),
		list("linked_objects", "tickets and conversations linked to it", kind(), text("id", "its id"), text("category", "category of the ticket")),
		number("linked_objects_count", "how many there are"),
		text("previous_ticket_state_id", "the state before"),
		open("channel", "the channels it runs over"),
		open("ticket_parts", "messages and events, as they came; the stream ticket_parts has them as rows"),
		kind(),
	}
}
