package intercom

// declared lists every stream, in the order in which people should meet them.
func declared() []declaration {
	return []declaration{
		users(), conversations(), tags(), segments(),
		leads(), contacts(), conversationParts(), companies(), admins(), teams(), tickets(),
		ticketParts(), ticketTypes(),
		contactTags(), contactSegments(), contactCompanies(), contactNotes(), companySegments(), conversationTags(),
		conversationAttributes(), contactAttributes(), companyAttributes(),
		articles(), collections(), helpCenters(), activityLogs(), subscriptionTypes(), macros(), calls(), newsItems(),
		deletedConversations(),
	}
}
