package intercom

import "github.com/inlay-sync/inlay/stream"

const permissionConversations = "Read conversations"

func conversations() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "conversations", Doc: "Conversations, without their parts. A message that nobody answered is none in the API.", Columns: conversationColumns(), Key: []string{"id"},
			Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at", Announced: true,
		},
		wrapped: []wrapping{
			{"contacts", "contacts", ""},
			{"tags", "tags", ""},
			{"teammates", "admins", ""},
			{"linked_objects", "data", "linked_objects_count"},
		},
		added: map[string]version{
			"company": {2, 15}, "channel": {2, 16}, "external_references": {2, 16},
			"sales_agent": {2, 16}, "sales_agent_participated": {2, 16},
			"ai_agent": {2, 11}, "ai_agent_participated": {2, 11},
		},
		permission: permissionConversations,
		way:        conversationSearch(),
		deletions:  "deleted_conversations",
	}
}

func conversationSearch() search {
	return search{path: "/conversations/search", list: "conversations",
		names: filterNames{"tag": "tag_ids", "admin": "admin_assignee_id", "team": "team_assignee_id", "contact": "contact_ids"}, fields: conversationFields()}
}

func conversationColumns() []stream.Column {
	return []stream.Column{
		text("id", "Intercom's id of the conversation"),
		text("title", "title"),
		text("state", "open, closed or snoozed"),
		flag("open", "whether it is open"),
		flag("read", "whether an admin has read it"),
		text("priority", "priority; its values changed with API version 2.16"),
		moment("created_at", "when it began"),
		moment("updated_at", "when it last changed"),
		moment("waiting_since", "since when the contact waits for an answer"),
		moment("snoozed_until", "until when it is snoozed"),
		text("admin_assignee_id", "id of the admin it is assigned to; 0 for none since API version 2.16"),
		text("team_assignee_id", "id of the team it is assigned to; 0 for none since API version 2.16"),
		record("source", "the message that began it", text("type", "what the message is: email, conversation, push, …"),
			text("id", "its id"), text("delivered_as", "how it came to be"), text("subject", "its subject"), text("body", "its HTML"),
			author(), attachments(), text("url", "page it was written on"), flag("redacted", "its content was removed"),
			open("recipients", "who it was sent to"), open("reply_to", "where answers go"), open("email_message_metadata", "headers of the mail")),
		list("contacts", "contacts who take part", kind(), text("id", "contact id"), text("external_id", "your own id of the contact")),
		record("first_contact_reply", "the contact's first reply", moment("created_at", "when"), text("type", "by what means"), text("url", "page it was written on")),
		list("tags", "tags on the conversation", kind(), text("id", "tag id"), text("name", "tag"),
			moment("applied_at", "when it was applied"), reference("applied_by", "who applied it")),
		list("teammates", "admins who take part", kind(), text("id", "admin id"), text("name", "name"), text("email", "e-mail address")),
		record("sla_applied", "the service level that applies", kind(), text("sla_name", "its name"), text("sla_status", "hit, missed, cancelled or active")),
		conversationStatistics(),
		conversationRating(),
		open("custom_attributes", "attributes of your own making"),
		open("topics", "topics the conversation is about"),
		open("ticket", "the ticket it became, if any"),
		list("linked_objects", "tickets and conversations linked to it", kind(), text("id", "its id"), text("category", "category of the ticket")),
		number("linked_objects_count", "how many there are"),
		flag("ai_agent_participated", "the AI agent took part"),
		open("ai_agent", "what the AI agent did"),
		flag("sales_agent_participated", "the sales agent took part"),
		open("sales_agent", "what the sales agent did"),
		open("company", "the company it belongs to"),
		open("channel", "the channels it runs over"),
		open("external_references", "ids in other systems"),
		kind(),
	}
}

func conversationRating() stream.Column {
	return record("conversation_rating", "how the contact rated it",
		number("rating", "1 to 5"), text("remark", "what the contact wrote"), moment("created_at", "when it was asked for"), moment("updated_at", "when it last changed"),
		record("contact", "who rated", kind(), text("id", "contact id"), text("external_id", "your own id of the contact")),
		reference("teammate", "who was rated"))
}

func conversationStatistics() stream.Column {
	seconds := func(name, doc string) stream.Column { return number(name, doc+", seconds") }
	team := func(name, doc string) stream.Column {
		return list(name, doc, text("team_id", "team id"), text("team_name", "team"), number("response_time", "seconds"))
	}
	return record("statistics", "what Intercom measured", kind(),
		seconds("time_to_assignment", "until first assigned"), seconds("time_to_admin_reply", "until an admin replied"),
		seconds("time_to_first_close", "until first closed"), seconds("time_to_last_close", "until last closed"),
		seconds("median_time_to_reply", "median until an admin replied"),
		moment("first_contact_reply_at", "first reply of the contact"), moment("first_assignment_at", "first assignment"),
		moment("first_admin_reply_at", "first reply of an admin"), moment("first_close_at", "first closing"),
		moment("last_assignment_at", "last assignment"), moment("last_assignment_admin_reply_at", "first reply after it"),
		moment("last_contact_reply_at", "last reply of the contact"), moment("last_admin_reply_at", "last reply of an admin"),
		moment("last_close_at", "last closing"), text("last_closed_by_id", "who closed it last"),
		number("count_reopens", "how often reopened"), number("count_assignments", "how often assigned"),
		number("count_conversation_parts", "how many parts it has"),
		seconds("handling_time", "handling time"), seconds("adjusted_handling_time", "adjusted handling time"),
		team("assigned_team_first_response_time", "first response by team"),
		team("assigned_team_first_response_time_in_office_hours", "first response by team, in office hours"))
}
