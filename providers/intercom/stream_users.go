package intercom

func users() declaration {
	return contactStream("users", "Contacts with the role user: people who signed up.", "user")
}
