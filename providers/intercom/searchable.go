package intercom

import (
	"slices"
	"strings"
)

// The fields that each search can be narrowed by, as Intercom's description of version
// 2.16 lists them. A field that ends in a dot stands for all that begin so.

func contactFields() []string {
	return fields(`id role name avatar owner_id email email_domain phone formatted_phone external_id
		created_at signed_up_at updated_at last_seen_at last_contacted_at last_replied_at last_email_opened_at last_email_clicked_at
		language_override browser browser_language os location.country location.region location.city
		unsubscribed_from_emails marked_email_as_spam has_hard_bounced
		ios_last_seen_at ios_app_version ios_device ios_app_device ios_os_version ios_app_name ios_sdk_version
		android_last_seen_at android_app_version android_device android_app_name andoid_sdk_version android_sdk_version
		segment_id tag_id custom_attributes.`)
}

func conversationFields() []string {
	return fields(`id created_at updated_at source.type source.id source.delivered_as source.subject source.body
		source.author.id source.author.type source.author.name source.author.email source.url
		contact_ids teammate_ids tag_ids admin_assignee_id team_assignee_id channel_initiated open read state priority
		waiting_since snoozed_until
		statistics.time_to_assignment statistics.time_to_admin_reply statistics.time_to_first_close statistics.time_to_last_close
		statistics.median_time_to_reply statistics.first_contact_reply_at statistics.first_assignment_at statistics.first_admin_reply_at
		statistics.first_close_at statistics.last_assignment_at statistics.last_assignment_admin_reply_at
		statistics.last_contact_reply_at statistics.last_admin_reply_at statistics.last_close_at statistics.last_closed_by_id
		statistics.count_reopens statistics.count_assignments statistics.count_conversation_parts
		conversation_rating.requested_at conversation_rating.replied_at conversation_rating.score conversation_rating.remark
		conversation_rating.contact_id conversation_rating.admin_d
		ai_agent_participated ai_agent.resolution_state ai_agent.last_answer_type ai_agent.rating ai_agent.rating_remark
		ai_agent.source_type ai_agent.source_title custom_attributes.`)
}

func ticketFields() []string {
	return fields(`id created_at updated_at title description category ticket_type_id contact_ids teammate_ids
		admin_assignee_id team_assignee_id open state snoozed_until ticket_attribute.`)
}

func fields(list string) []string { return strings.Fields(list) }

// filters are the names that a source's filter may use: the short ones first.
func (w search) filters() []string {
	var short []string
	for name := range w.names {
		short = append(short, name)
	}
	slices.Sort(short)
	return append(short, w.fields...)
}

// expandable are the lists of a contact that can be completed.
func expandable() []string { return []string{"tags", "companies", "notes"} }

// expands are the lists that a source's expand may complete.
func (w search) expands() []string {
	if w.path != "/contacts/search" {
		return nil
	}
	return expandable()
}
