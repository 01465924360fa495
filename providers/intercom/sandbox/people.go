package sandbox

const (
	admins = "admins"
	teams  = "teams"

	adminBase  = 991267459
	adminCount = 8
	teamBase   = 5017690
	teamCount  = 3
)

func adminKind() kind {
	return kind{name: admins, ids: idForm{base: adminBase}, write: writeAdmin}
}

func adminName(index int32) string {
	return firstNames[int(index)%10] + " " + lastNames[int(index)*3%len(lastNames)]
}

func writeAdmin(_ *Workspace, b []byte, r row) []byte {
	b = text(b, `{"type":"admin","id":`, r.id)
	b = text(b, `,"name":`, adminName(r.index))
	b = number(b, `,"email":"admin`, int64(r.index))
	b = text(b, `@example.com","job_title":`, jobTitles[int(r.index)%len(jobTitles)])
	b = truth(b, `,"away_mode_enabled":`, r.index%5 == 4)
	b = append(b, `,"away_mode_reassign":false,"away_status_reason_id":null`...)
	b = truth(b, `,"has_inbox_seat":`, r.index%4 != 3)
	b = number(b, `,"team_ids":[`, int64(teamBase+r.index%teamCount))
	return append(b, `],"team_priority_level":{},"role":{"type":"role","id":"1","name":"Agent"}}`...)
}

func teamKind() kind { return kind{name: teams, ids: idForm{base: teamBase}, write: writeTeam} }

func writeTeam(_ *Workspace, b []byte, r row) []byte {
	b = text(b, `{"type":"team","id":`, r.id)
	b = text(b, `,"name":`, []string{"Support", "Billing", "Success"}[int(r.index)%3])
	b = append(b, `,"admin_ids":[`...)
	first := true
	for i := range int32(adminCount) {
		if i%teamCount == r.index%teamCount {
			if !first {
				b = append(b, ',')
			}
			b, first = number(b, "", int64(adminBase+i)), false
		}
	}
	return append(b, `],"admin_priority_level":{},"assignment_limit":null,"distribution_method":"manual"}`...)
}
