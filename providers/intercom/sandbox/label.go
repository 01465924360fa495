package sandbox

import "strconv"

const (
	tags              = "tags"
	segments          = "segments"
	subscriptionTypes = "subscription_types"

	subscriptionBase  = 4100
	subscriptionCount = 3
)

func tagKind() kind { return kind{name: tags, ids: idForm{base: 10718300}, write: writeTag} }

func writeTag(_ *Workspace, b []byte, r row) []byte {
	b = text(b, `{"type":"tag","id":`, r.id)
	name := tagNames[int(r.index)%len(tagNames)]
	if r.index >= firstAdded {
		name = "Tag " + r.id
	}
	return append(text(b, `,"name":`, name), '}')
}

func segmentKind() kind {
	return kind{name: segments, ids: idForm{hex: true}, write: writeSegment}
}

func writeSegment(_ *Workspace, b []byte, r row) []byte {
	b = text(b, `{"type":"segment","id":`, r.id)
	name := segmentNames[int(r.index)%len(segmentNames)]
	if r.index >= firstAdded {
		name = "Segment " + r.id
	}
	b = text(b, `,"name":`, name)
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	person := "user"
	if r.index%3 == 2 {
		person = "contact"
	}
	return append(text(b, `,"person_type":`, person), '}')
}

func subscriptionID(n int) string { return strconv.Itoa(subscriptionBase + n) }

func subscriptionKind() kind {
	return kind{name: subscriptionTypes, ids: idForm{base: subscriptionBase}, write: writeSubscription}
}

func writeSubscription(_ *Workspace, b []byte, r row) []byte {
	names := []string{"Newsletter", "Product news", "Service messages"}
	b = text(b, `{"type":"subscription","id":`, r.id)
	translation := append(text(nil, `{"name":`, names[int(r.index)%len(names)]), `,"description":"What we send","locale":"en"}`...)
	b = append(append(b, `,"state":"live","default_translation":`...), translation...)
	b = append(append(append(b, `,"translations":[`...), translation...), ']')
	consent := "opt_out"
	if r.index%2 == 1 {
		consent = "opt_in"
	}
	return append(text(b, `,"consent_type":`, consent), `,"content_types":["email"]}`...)
}
