package intercom

import "github.com/inlay-sync/inlay/stream"

func macros() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "macros", Doc: "Saved replies.", Key: []string{"id"}, Updated: "updated_at", MinVersion: "2.16",
			Columns: []stream.Column{
				text("id", "Intercom's id of the macro"), text("name", "name"), text("body", "its HTML"), text("body_text", "its text"),
				moment("created_at", "when it was made"), moment("updated_at", "when it last changed"), text("visible_to", "everyone or specific_teams"),
				texts("visible_to_team_ids", "teams that see it"), texts("available_on", "where it can be used"), kind(),
			},
		},
		permission: permissionConversations,
		way:        whole{path: "/macros", list: "data", paging: tokenQuery, perPage: 150},
	}
}
