package intercom

func contacts() declaration {
	return contactStream("contacts", "All contacts, users and leads.", "")
}
