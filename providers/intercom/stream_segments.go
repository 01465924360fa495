package intercom

import "github.com/inlay-sync/inlay/stream"

func segments() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "segments", Doc: "Segments: saved filters of contacts, with how many match.", Key: []string{"id"}, Updated: "updated_at",
			Columns: []stream.Column{
				text("id", "Intercom's id of the segment"), text("name", "name"),
				moment("created_at", "when the segment was defined"),
				moment("updated_at", "when its definition last changed; members come and go without changing it"),
				text("person_type", "contact or user"), number("count", "how many match"), kind(),
			},
		},
		permission: permissionPeople,
		way:        whole{path: "/segments", list: "segments", query: map[string]string{"include_count": "true"}},
	}
}
