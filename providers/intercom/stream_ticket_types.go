package intercom

import "github.com/inlay-sync/inlay/stream"

func ticketTypes() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "ticket_types", Doc: "Types of tickets with their attributes and states.", Key: []string{"id"}, Updated: "updated_at", MinVersion: "2.10",
			Columns: []stream.Column{
				text("id", "Intercom's id of the type"), text("name", "name"), text("description", "what it is for"), text("category", "Customer, Back-office or Tracker"),
				text("icon", "icon"), text("workspace_id", "workspace"), flag("archived", "is archived"), flag("is_internal", "only admins see such tickets"),
				moment("created_at", "when it was made"), moment("updated_at", "when it last changed"),
				list("ticket_type_attributes", "attributes of its tickets", kind(), text("id", "attribute id"), text("workspace_id", "workspace"),
					text("name", "name"), text("description", "what it is for"), text("data_type", "type of its values"), open("input_options", "how it is asked for"),
					number("order", "place on the form"), flag("required_to_create", "admins must fill it in"),
					flag("required_to_create_for_contacts", "contacts must fill it in"), flag("visible_on_create", "admins see it on the form"),
					flag("visible_to_contacts", "contacts see it"), flag("default", "every type has it"), text("ticket_type_id", "the type"),
					flag("archived", "is archived"), moment("created_at", "when it was made"), moment("updated_at", "when it last changed")),
				open("ticket_states", "its states"), kind(),
			},
		},
		wrapped:    []wrapping{{"ticket_type_attributes", "data", ""}},
		permission: permissionTickets,
		way:        whole{path: "/ticket_types", list: "data"},
	}
}
