package sandbox

import "strings"

// fieldType is what a search field holds, which decides its operators.
type fieldType int

const (
	textField fieldType = iota + 1
	numberField
	truthField
	dateField
	listField // identifiers, any of which may match
	tagField  // like listField, but only = and !=
	freeField // a custom attribute: whatever it holds
)

// Search fields by endpoint, as Intercom's description lists them.
var (
	contactFields = fieldTable{
		textField: `id role name avatar owner_id email email_domain phone formatted_phone external_id language_override browser
			browser_language os location.country location.region location.city ios_app_version ios_device ios_app_device
			ios_os_version ios_app_name ios_sdk_version android_app_version android_device android_app_name andoid_sdk_version
			android_sdk_version`,
		truthField: `unsubscribed_from_emails marked_email_as_spam has_hard_bounced`,
		dateField: `created_at signed_up_at updated_at last_seen_at last_contacted_at last_replied_at last_email_opened_at
			last_email_clicked_at ios_last_seen_at android_last_seen_at`,
		listField: `segment_id`,
		tagField:  `tag_id`,
	}
	conversationFields = fieldTable{
		textField: `id source.type source.id source.delivered_as source.subject source.body source.author.id source.author.type
			source.author.name source.author.email source.url channel_initiated state priority statistics.last_closed_by_id
			conversation_rating.remark conversation_rating.contact_id conversation_rating.admin_d ai_agent.resolution_state
			ai_agent.last_answer_type ai_agent.rating_remark ai_agent.source_type ai_agent.source_title`,
		numberField: `admin_assignee_id team_assignee_id statistics.time_to_assignment statistics.time_to_admin_reply
			statistics.time_to_first_close statistics.time_to_last_close statistics.median_time_to_reply statistics.count_reopens
			statistics.count_assignments statistics.count_conversation_parts conversation_rating.score ai_agent.rating`,
		truthField: `open read ai_agent_participated`,
		dateField: `created_at updated_at waiting_since snoozed_until statistics.first_contact_reply_at statistics.first_assignment_at
			statistics.first_admin_reply_at statistics.first_close_at statistics.last_assignment_at
			statistics.last_assignment_admin_reply_at statistics.last_contact_reply_at statistics.last_admin_reply_at
			statistics.last_close_at conversation_rating.requested_at conversation_rating.replied_at`,
		listField: `contact_ids teammate_ids tag_ids`,
	}
	ticketFields = fieldTable{
		textField:   `id title description category ticket_type_id state`,
		numberField: `admin_assignee_id team_assignee_id`,
		truthField:  `open`,
		dateField:   `created_at updated_at snoozed_until`,
		listField:   `contact_ids teammate_ids`,
	}
)

// fieldTable lists field names by type, separated by white space.
type fieldTable map[fieldType]string

// typeOf returns the type of a field, or false for one that cannot be searched.
func (t fieldTable) typeOf(field string) (fieldType, bool) {
	for _, open := range []string{"custom_attributes.", "ticket_attribute."} {
		if name, found := strings.CutPrefix(field, open); found {
			return freeField, name != ""
		}
	}
	for typ, list := range t {
		for name := range strings.FieldsSeq(list) {
			if name == field {
				return typ, true
			}
		}
	}
	return 0, false
}

// operatorsOf lists the operators a field of a type takes. On contacts, dates
// take three only.
func operatorsOf(t fieldType, onContacts bool) string {
	switch t {
	case dateField:
		if onContacts {
			return "= > <"
		}
		return "= != IN NIN > < >= <="
	case numberField:
		return "= != IN NIN > < >= <="
	case truthField, listField:
		return "= != IN NIN"
	case tagField:
		return "= !="
	case freeField:
		return "= != IN NIN > < >= <= ~ !~ ^ $"
	}
	return "= != IN NIN ~ !~ ^ $"
}
