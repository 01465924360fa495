package intercom

import "github.com/inlay-sync/inlay/stream"

func calls() declaration {
	return declaration{
		Stream: stream.Stream{
			Name: "calls", Doc: "Phone and video calls.", Key: []string{"id"}, Updated: "updated_at", MinVersion: "2.14", Announced: true,
			Columns: []stream.Column{
				text("id", "Intercom's id of the call"), text("conversation_id", "the conversation it belongs to"), text("admin_id", "the admin on it"),
				text("contact_id", "the contact on it"), text("state", "its state"), text("call_type", "phone, web or video"), text("direction", "inbound or outbound"),
				moment("created_at", "when it was made"), moment("updated_at", "when it last changed"), moment("initiated_at", "when it rang"),
				moment("answered_at", "when it was answered"), moment("ended_at", "when it ended"), text("ended_reason", "why it ended"),
				text("phone", "number"), text("recording_url", "where the recording is"), text("transcription_url", "where the transcript is"),
				text("fin_recording_url", "where the AI agent's recording is"), text("fin_transcription_url", "where its transcript is"), kind(),
			},
		},
		permission: "Read calls",
		way:        whole{path: "/calls", list: "data", paging: numbered, perPage: 25},
	}
}
