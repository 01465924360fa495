package intercom

import "github.com/inlay-sync/inlay/stream"

func newsItems() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "news_items", Doc: "News posts.", Key: []string{"id"}, Updated: "updated_at", Announced: true,
			Columns: []stream.Column{
				text("id", "Intercom's id of the item"), text("title", "title"), text("body", "its HTML"), text("state", "draft or live"),
				moment("created_at", "when it was written"), moment("updated_at", "when it last changed"), text("sender_id", "admin it comes from"),
				list("newsfeed_assignments", "feeds it is in", text("newsfeed_id", "feed id"), moment("published_at", "when it was published there")),
				texts("labels", "labels"), text("cover_image_url", "picture"), open("reactions", "reactions offered"),
				flag("deliver_silently", "nobody is told"), text("workspace_id", "workspace"), kind(),
			},
		},
		permission: "Read news",
		way:        whole{path: "/news/news_items", list: "data", paging: numbered, perPage: 150},
	}
}
