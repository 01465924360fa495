package intercom

func leads() declaration {
	return contactStream("leads", "Contacts with the role lead: people who wrote without signing up.", "lead")
}
