package intercom

import "github.com/inlay-sync/inlay/stream"

const permissionPeople = "Read and list users and companies"

// contactStream declares a stream of contacts; users and leads are contacts of one role.
func contactStream(name, doc, role string) declaration {
	return declaration{
		Stream: stream.Stream{
			Name: name, Doc: doc, Columns: contactColumns(), Key: []string{"id"},
			Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at", Announced: true,
		},
		wrapped: []wrapping{
			{"social_profiles", "data", ""},
			{"tags", "data", "tags_count"},
			{"notes", "data", "notes_count"},
			{"companies", "data", "companies_count"},
			{"opted_out_subscription_types", "data", "opted_out_count"},
			{"opted_in_subscription_types", "data", "opted_in_count"},
		},
		permission: permissionPeople,
		way: search{path: "/contacts/search", list: "data", role: role, daily: true, byUpdate: role != "",
			names: filterNames{"tag": "tag_id", "segment": "segment_id"}, fields: contactFields()},
	}
}

func contactColumns() []stream.Column {
	return []stream.Column{
		text("id", "Intercom's id of the contact"),
		text("email", "e-mail address"),
		text("name", "full name"),
		text("role", "user or lead"),
		moment("created_at", "when the contact was created"),
		moment("updated_at", "when the contact last changed"),
		text("external_id", "your own id of the contact"),
		text("workspace_id", "the workspace the contact belongs to"),
		text("phone", "phone number"),
		text("formatted_phone", "phone number in international form"),
		text("email_domain", "domain of the e-mail address"),
		open("avatar", "address of the picture, or an object that holds it"),
		text("owner_id", "id of the admin who owns the contact"),
		list("social_profiles", "profiles on social networks",
			kind(), text("name", "network"), text("url", "address of the profile")),
		flag("has_hard_bounced", "mail to the contact has bounced"),
		flag("marked_email_as_spam", "the contact has marked mail as spam"),
		flag("unsubscribed_from_emails", "the contact wants no mail"),
		flag("unsubscribed_from_sms", "the contact wants no text messages"),
		flag("sms_consent", "the contact agreed to text messages"),
		flag("enabled_push_messaging", "push messages are on"),
		moment("signed_up_at", "when the contact signed up"),
		moment("last_seen_at", "when the contact was last seen"),
		moment("last_replied_at", "when the contact last replied"),
		moment("last_contacted_at", "when the contact was last contacted"),
		moment("last_email_opened_at", "when the contact last opened a mail"),
		moment("last_email_clicked_at", "when the contact last followed a link in a mail"),
		text("language_override", "language set for the contact"),
		text("browser", "browser last used"),
		text("browser_version", "its version"),
		text("browser_language", "its language"),
		text("os", "operating system last used"),
		record("location", "where the contact is", kind(),
			text("country", "country"), text("region", "region"), text("city", "city"),
			text("country_code", "ISO 3166 code of the country"), text("continent_code", "two letters of the continent")),
		text("android_app_name", "Android app last used"),
		text("android_app_version", "its version"),
		text("android_device", "Android device last used"),
		text("android_os_version", "its system's version"),
		text("android_sdk_version", "version of Intercom's Android SDK"),
		moment("android_last_seen_at", "when last seen on Android"),
		text("ios_app_name", "iOS app last used"),
		text("ios_app_version", "its version"),
		text("ios_device", "iOS device last used"),
		text("ios_os_version", "its system's version"),
		text("ios_sdk_version", "version of Intercom's iOS SDK"),
		moment("ios_last_seen_at", "when last seen on iOS"),
		text("utm_campaign", "UTM campaign of the first visit"),
		text("utm_content", "UTM content of the first visit"),
		text("utm_medium", "UTM medium of the first visit"),
		text("utm_source", "UTM source of the first visit"),
		text("utm_term", "UTM term of the first visit"),
		text("referrer", "page the contact came from"),
		open("custom_attributes", "attributes of your own making"),
		addressed("tags", "tags on the contact, the first ten unless expanded"),
		number("tags_count", "how many tags there are"),
		addressed("notes", "notes on the contact, the first ten unless expanded"),
		number("notes_count", "how many notes there are"),
		addressed("companies", "companies of the contact, the first ten unless expanded"),
		number("companies_count", "how many companies there are"),
		addressed("opted_out_subscription_types", "subscriptions the contact left, the first ten"),
		number("opted_out_count", "how many there are"),
		addressed("opted_in_subscription_types", "subscriptions the contact chose, the first ten"),
		number("opted_in_count", "how many there are"),
		kind(),
	}
}

// addressed is a list of objects of which the service shows id and address.
func addressed(name, doc string) stream.Column {
	return list(name, doc, kind(), text("id", "its id"), text("url", "where the API has it"))
}
