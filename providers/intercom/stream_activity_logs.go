package intercom

import "github.com/inlay-sync/inlay/stream"

func activityLogs() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "activity_logs", Doc: "What admins did, as the workspace's log has it.", Key: []string{"id"}, Cursors: []string{"created_at"},
			Columns: []stream.Column{
				text("id", "Intercom's id of the entry"), moment("created_at", "when it happened"), text("activity_type", "what was done"),
				text("activity_description", "the same in words"),
				record("performed_by", "who did it", kind(), text("id", "admin id"), text("email", "e-mail address"), text("ip", "address it was done from")),
				open("metadata", "before and after, and the like"), kind(),
			},
		},
		permission: "Read admin activity logs",
		way: whole{path: "/admins/activity_logs", list: "activity_logs", paging: numbered, perPage: 150,
			slices: [2]string{"created_at_after", "created_at_before"}},
	}
}
