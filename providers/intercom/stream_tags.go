package intercom

import "github.com/inlay-sync/inlay/stream"

func tags() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "tags", Doc: "Tags of the workspace.", Key: []string{"id"},
			Columns: []stream.Column{text("id", "Intercom's id of the tag"), text("name", "name"), kind()},
		},
		permission: "Read tags",
		way:        whole{path: "/tags", list: "data"},
	}
}
