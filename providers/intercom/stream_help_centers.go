package intercom

import "github.com/inlay-sync/inlay/stream"

func helpCenters() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "help_centers", Doc: "Help centers.", Key: []string{"id"}, Updated: "updated_at", MinVersion: "2.10",
			Columns: []stream.Column{
				text("id", "Intercom's id of the help center"), text("identifier", "its name in addresses"), text("display_name", "what people see"),
				moment("created_at", "when it was made"), moment("updated_at", "when it last changed"), flag("website_turned_on", "is published"),
				text("url", "where people read it"), text("custom_domain", "its own domain"), flag("default", "is the workspace's main one"),
				texts("locales", "languages"), text("workspace_id", "workspace"), kind(),
			},
		},
		permission: permissionArticles,
		way:        whole{path: "/help_center/help_centers", list: "data", paging: numbered},
	}
}
