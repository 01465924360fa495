package intercom

import "github.com/inlay-sync/inlay/stream"

func subscriptionTypes() declaration {
	translation := []stream.Column{text("name", "name"), text("description", "what it is for"), text("locale", "language")}
	return declaration{
		Stream: stream.Stream{
			Name: "subscription_types", Doc: "Subscriptions that contacts can choose or leave.", Key: []string{"id"},
			Columns: []stream.Column{
				text("id", "Intercom's id of the subscription"), text("state", "live, draft or archived"), text("consent_type", "opt_out or opt_in"),
				record("default_translation", "its name in the main language", translation...),
				list("translations", "its name in all languages", translation...), texts("content_types", "email, sms_message"), kind(),
			},
		},
		permission: permissionPeople,
		way:        whole{path: "/subscription_types", list: "data"},
	}
}
