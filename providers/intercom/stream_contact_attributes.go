package intercom

func contactAttributes() declaration {
	return attributeStream("contact_attributes", "Attributes that contacts can have, archived ones too.", "contact")
}
