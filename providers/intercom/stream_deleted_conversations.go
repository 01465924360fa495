package intercom

import "github.com/inlay-sync/inlay/stream"

func deletedConversations() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "deleted_conversations", Doc: "Conversations that were deleted, and when.", Key: []string{"id"}, MinVersion: "2.16", Announced: true,
			Cursors: []string{"deleted_at"},
			Columns: []stream.Column{
				text("id", "id the conversation had"), moment("deleted_at", "when it was deleted"),
				flag("metrics_retained", "reports still count it"), kind(),
			},
		},
		permission: permissionConversations,
		way:        whole{path: "/conversations/deleted", list: "conversations", paging: numbered, perPage: 60, query: map[string]string{"order": "asc"}, newest: "deleted_at"},
	}
}
