package sandbox

const (
	contactAttributeKind      = "contact_attributes"
	companyAttributeKind      = "company_attributes"
	conversationAttributeKind = "conversation_attributes"
)

// attributeAbout is one declared attribute of contacts, companies or
// conversations.
type attributeAbout struct {
	name, label, kind string
	custom            bool
}

var attributesOf = map[string][]attributeAbout{
	contactAttributeKind: {{"name", "Name", "string", false}, {"email", "Email", "string", false}, {"created_at", "First seen", "date", false},
		{"plan", "plan", "string", true}, {"Plan", "Plan", "string", true}, {"seats", "seats", "integer", true}, {"mrr", "mrr", "float", true},
		{"beta", "beta", "boolean", true}, {"trial_ends_at", "trial_ends_at", "date", true}},
	companyAttributeKind: {{"name", "Company name", "string", false}, {"monthly_spend", "Company spend", "float", false},
		{"industry", "industry", "string", true}, {"renewal", "renewal", "date", true}},
	conversationAttributeKind: {{"Product area", "Product area", "string", true}, {"effort", "effort", "integer", true}, {"resolved by bot", "resolved by bot", "boolean", true}},
}

func attributeKind(name string, base int64) kind {
	write := writeAttribute
	if name == conversationAttributeKind {
		write = writeConversationAttribute
	}
	return kind{name: name, ids: idForm{base: base}, write: func(w *Workspace, b []byte, r row) []byte {
		return write(b, r, name)
	}}
}

// writeAttribute: only custom attributes have an id, an admin and times.
func writeAttribute(b []byte, r row, of string) []byte {
	list := attributesOf[of]
	a := list[int(r.index)%len(list)]
	model, full := "contact", a.name
	if of == companyAttributeKind {
		model = "company"
	}
	b = append(b, `{"type":"data_attribute"`...)
	if a.custom {
		b = append(append(b, `,"id":`...), r.id...)
		full = "custom_attributes." + a.name
	}
	b = text(b, `,"model":`, model)
	b = text(b, `,"name":`, a.name)
	b = text(b, `,"full_name":`, full)
	b = text(b, `,"label":`, a.label)
	b = text(b, `,"description":"","data_type":`, a.kind)
	b = truth(b, `,"api_writable":true,"ui_writable":false,"messenger_writable":true,"archived":false,"custom":`, a.custom)
	if a.custom {
		b = number(b, `,"admin_id":"`, adminBase)
		b = number(b, `","created_at":`, r.created)
		b = number(b, `,"updated_at":`, r.updated)
	}
	return append(b, '}')
}

func writeConversationAttribute(b []byte, r row, of string) []byte {
	list := attributesOf[of]
	a := list[int(r.index)%len(list)]
	b = append(append(b, `{"type":"conversation_attribute","id":`...), r.id...)
	b = text(b, `,"name":`, a.name)
	b = text(b, `,"description":"","data_type":`, a.kind)
	b = number(b, `,"required":false,"visible_to_team_ids":[],"archived":false,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	b = append(number(b, `,"admin_id":"`, adminBase), '"')
	if a.kind == "string" {
		b = append(b, `,"multiline":false`...)
	}
	return append(b, '}')
}
