package intercom

import "github.com/inlay-sync/inlay/stream"

func conversationAttributes() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "conversation_attributes", Doc: "Attributes that conversations can have.", Key: []string{"id"}, Updated: "updated_at", MinVersion: "2.16",
			Columns: []stream.Column{
				text("id", "Intercom's id of the attribute"), text("name", "name"), text("description", "what it is for"),
				text("data_type", "type of its values"), flag("required", "must be filled in"), flag("multiline", "may hold several lines"),
				texts("visible_to_team_ids", "teams that see it"),
				list("options", "the values to choose from", text("id", "option id"), text("label", "what people see"), flag("archived", "is archived")),
				open("reference", "what it points at"), flag("archived", "is archived"),
				moment("created_at", "when it was made"), moment("updated_at", "when it last changed"), text("admin_id", "who made it"), kind(),
			},
		},
		permission: permissionConversations,
		way:        whole{path: "/conversations/attributes", list: "data"},
	}
}
