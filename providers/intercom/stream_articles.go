package intercom

import "github.com/inlay-sync/inlay/stream"

const permissionArticles = "Read and list articles"

func articles() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "articles", Doc: "Help center articles.", Key: []string{"id"}, Updated: "updated_at", Announced: true,
			Cursors: []string{"created_at", "updated_at"},
			Columns: []stream.Column{
				text("id", "Intercom's id of the article"), text("title", "title"), text("description", "one line about it"), text("state", "published or draft"),
				moment("created_at", "when it was written"), moment("updated_at", "when it last changed"), text("author_id", "admin who wrote it"),
				text("url", "where people read it"), text("body", "its HTML"), text("body_markdown", "its text as Markdown"), text("workspace_id", "workspace"),
				texts("parent_ids", "collections it is in"), text("default_locale", "its main language"),
				open("translated_content", "translations by language"), open("statistics", "views and reactions"),
				list("tags", "tags on the article", kind(), text("id", "tag id"), text("name", "tag"), moment("applied_at", "when it was applied"), reference("applied_by", "who applied it")),
				flag("has_unpublished_changes", "changed since it was published"), moment("draft_updated_at", "when the draft last changed"),
				flag("ai_chatbot_availability", "the AI agent uses it"), flag("ai_copilot_availability", "Copilot uses it"), flag("ai_sales_agent_availability", "the sales agent uses it"),
				text("created_by_id", "admin who made it"), text("updated_by_id", "admin who last changed it"),
				flag("exclude_from_article_suggestions", "is not suggested"), text("help_center_audience", "who may read it"),
				moment("scheduled_publish_at", "when it will be published"), moment("scheduled_unpublish_at", "when it will be withdrawn"), kind(),
			},
		},
		wrapped:    []wrapping{{"tags", "tags", ""}},
		added:      map[string]version{"parent_ids": {2, 16}},
		permission: permissionArticles,
		way:        whole{path: "/articles", list: "data", paging: numbered, perPage: 150},
	}
}
