package intercom

import "github.com/inlay-sync/inlay/stream"

// attributeStream declares the attributes of one kind of object. Only attributes of the
// workspace's own have an id, so the full name is the key.
func attributeStream(name, doc, model string) declaration {
	return declaration{
		Stream: stream.Stream{
			Name: name, Doc: doc, Key: []string{"model", "full_name"}, Updated: "updated_at",
			Columns: []stream.Column{
				text("id", "Intercom's id, for attributes of your own making"), text("model", "contact or company"), text("name", "name"),
				text("full_name", "name with the path to it"), text("label", "what people see"), text("description", "what it is for"),
				text("data_type", "type of its values"), texts("options", "the values to choose from"),
				flag("api_writable", "may be set through the API"), flag("messenger_writable", "may be set through the messenger"),
				flag("ui_writable", "may be set by hand"), flag("custom", "is of your own making"), flag("archived", "is archived"),
				moment("created_at", "when it was made"), moment("updated_at", "when it last changed"), text("admin_id", "who made it"), kind(),
			},
		},
		permission: permissionPeople,
		way:        whole{path: "/data_attributes", list: "data", query: map[string]string{"model": model, "include_archived": "true"}},
	}
}
