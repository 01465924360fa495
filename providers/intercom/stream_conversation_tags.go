package intercom

import "github.com/inlay-sync/inlay/stream"

func conversationTags() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "conversation_tags", Doc: "Which conversation has which tag, one row each.",
			Key: []string{"conversation_id", "id"}, Parent: "conversations",
			Columns: []stream.Column{
				text("conversation_id", "the conversation"), text("id", "the tag"), text("name", "name of the tag"),
				moment("applied_at", "when it was applied"), reference("applied_by", "who applied it"), kind(),
			},
		},
		permission: permissionConversations,
		way:        within{list: "tags.tags", parent: "conversation_id"},
	}
}
