package sandbox

const (
	activityLogs  = "activity_logs"
	calls         = "calls"
	deletedTalks  = "deleted_conversations"
	activityCount = 200
)

func activityKind() kind {
	return kind{name: activityLogs, ids: idForm{hex: true}, write: writeActivity}
}

func writeActivity(w *Workspace, b []byte, r row) []byte {
	g := randomAt(w.collections[activityLogs].salt, r.index)
	admin := int32(g.below(adminCount))
	b = text(b, `{"id":`, r.id)
	b = number(b, `,"performed_by":{"type":"admin","id":"`, int64(adminBase+admin))
	b = number(b, `","email":"admin`, int64(admin))
	b = append(b, `@example.com","ip":"127.0.0.1"}`...)
	away := g.one(2)
	if away {
		b = append(b, `,"metadata":{"away_mode":true,"reassign_conversations":false}`...)
	} else {
		b = append(b, `,"metadata":{"sign_in_method":"email_password"}`...)
	}
	b = number(b, `,"created_at":`, r.created)
	if away {
		return append(text(b, `,"activity_type":"admin_away_mode_change","activity_description":`, adminName(admin)+" turned Away mode on."), '}')
	}
	return append(text(b, `,"activity_type":"admin_login_success","activity_description":`, adminName(admin)+" logged in."), '}')
}

func callKind() kind { return kind{name: calls, ids: idForm{base: 9100}, write: writeCall} }

// writeCall: the description allows a call's times to be numbers or texts, and
// some are texts.
func writeCall(w *Workspace, b []byte, r row) []byte {
	g := randomAt(w.collections[calls].salt, r.index)
	at := func(b []byte, before string, t int64) []byte {
		if r.index%7 == 3 {
			return text(b, before, iso(t))
		}
		return number(b, before, t)
	}
	contact, _, _, _ := someone(w, &g)
	b = text(b, `{"type":"call","id":`, r.id)
	b = append(b, `,"conversation_id":null`...)
	b = number(b, `,"admin_id":"`, int64(adminBase+g.below(adminCount)))
	b = append(b, `","contact_id":`...)
	if contact == "" {
		b = append(b, "null"...)
	} else {
		b = quoted(b, contact)
	}
	b = append(b, `,"state":"completed"`...)
	b = at(b, `,"initiated_at":`, r.created)
	b = at(b, `,"answered_at":`, r.created+8)
	b = at(b, `,"ended_at":`, r.created+8+int64(g.below(1800)))
	b = at(b, `,"created_at":`, r.created)
	b = at(b, `,"updated_at":`, r.updated)
	b = append(b, `,"recording_url":null,"transcription_url":null,"call_type":"phone","direction":"inbound","ended_reason":"hung_up"`...)
	return append(number(b, `,"phone":"+1415555`, int64(1000+g.below(9000))), `"}`...)
}

func deletedKind() kind {
	return kind{name: deletedTalks, ids: idForm{base: 91_000}, write: writeDeleted}
}

// writeDeleted: a deleted conversation was deleted when its record was created.
func writeDeleted(_ *Workspace, b []byte, r row) []byte {
	b = text(b, `{"type":"conversation","id":`, r.id)
	b = truth(b, `,"metrics_retained":`, r.index%2 == 0)
	return append(number(b, `,"deleted_at":`, r.created), '}')
}
