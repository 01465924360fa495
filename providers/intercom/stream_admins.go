package intercom

import "github.com/inlay-sync/inlay/stream"

func admins() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "admins", Doc: "Teammates of the workspace.", Key: []string{"id"},
			Columns: []stream.Column{
				text("id", "Intercom's id of the admin"), text("name", "name"), text("email", "e-mail address"), text("job_title", "job title"),
				flag("away_mode_enabled", "is away"), flag("away_mode_reassign", "replies to them go to others while away"),
				text("away_status_reason_id", "why they are away"), flag("has_inbox_seat", "has an inbox seat"),
				texts("team_ids", "teams they belong to"), open("avatar", "picture"), open("team_priority_level", "first and second teams"),
				open("role", "their role"), kind(),
			},
		},
		permission: "Read admins",
		way:        whole{path: "/admins", list: "admins"},
	}
}
