package intercom

import "github.com/inlay-sync/inlay/stream"

func teams() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "teams", Doc: "Teams of admins.", Key: []string{"id"},
			Columns: []stream.Column{
				text("id", "Intercom's id of the team"), text("name", "name"), texts("admin_ids", "admins who belong to it"),
				open("admin_priority_level", "first and second admins"), number("assignment_limit", "open conversations an admin may have"),
				text("distribution_method", "how conversations are given out"), kind(),
			},
		},
		permission: "Read admins",
		way:        whole{path: "/teams", list: "teams"},
	}
}
