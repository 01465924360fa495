package intercom

import "github.com/inlay-sync/inlay/stream"

func conversationParts() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "conversation_parts", Doc: "Messages and events of conversations: every part of every conversation that changed; Intercom gives the newest 500 of each.",
			Key: []string{"conversation_id", "id"}, Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at", Parent: "conversations",
			Columns: []stream.Column{
				text("id", "Intercom's id of the part"),
				text("conversation_id", "the conversation it belongs to"),
				text("part_type", "comment, note, assignment, close, …"),
				text("body", "its HTML"),
				moment("created_at", "when it was written"),
				moment("updated_at", "when it last changed"),
				moment("notified_at", "when people were told"),
				reference("assigned_to", "who the conversation was assigned to"),
				author(),
				attachments(),
				text("external_id", "id in the system it came from"),
				flag("redacted", "its content was removed"),
				open("email_message_metadata", "headers of the mail"),
				open("metadata", "quick replies and the like"),
				text("state", "state of the conversation after it"),
				list("tags", "tags on the part", kind(), text("id", "tag id"), text("name", "tag")),
				open("event_details", "what changed, for an event"),
				text("app_package_code", "the app that made it"),
				kind(),
			},
		},
		permission: permissionConversations,
		way:        hydrate{path: "/conversations/{id}", list: "conversation_parts.conversation_parts", parent: "conversation_id", counted: "statistics.count_conversation_parts"},
	}
}
