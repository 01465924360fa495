package intercom

func companyAttributes() declaration {
	return attributeStream("company_attributes", "Attributes that companies can have, archived ones too.", "company")
}
