package intercom

import "github.com/inlay-sync/inlay/stream"

func collections() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "collections", Doc: "Help center collections.", Key: []string{"id"}, Updated: "updated_at", MinVersion: "2.10", Announced: true,
			Columns: []stream.Column{
				text("id", "Intercom's id of the collection"), text("name", "name"), text("description", "one line about it"),
				moment("created_at", "when it was made"), moment("updated_at", "when it last changed"), text("url", "where people read it"),
				text("icon", "icon"), number("order", "place among its neighbours"), text("default_locale", "its main language"),
				open("translated_content", "translations by language"), text("parent_id", "collection it is in"),
				text("help_center_id", "help center it is in"), text("workspace_id", "workspace"), kind(),
			},
		},
		permission: permissionArticles,
		way:        whole{path: "/help_center/collections", list: "data", paging: numbered, perPage: 150},
	}
}
