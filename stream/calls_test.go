package stream_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/stream"
)

func TestCallsAreWrittenInSeconds(t *testing.T) {
	calls := stream.Calls{Requests: 3, Retries: 2, Throttled: 1, Waited: 1500 * time.Millisecond}
	data, err := json.Marshal(struct{ Calls *stream.Calls }{&calls})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"Calls":{"requests":3,"retries":2,"throttled":1,"waited_seconds":1.5}}`; string(data) != want {
		t.Errorf("%s", data)
	}
	var back struct{ Calls stream.Calls }
	if err := json.Unmarshal(data, &back); err != nil || back.Calls != calls {
		t.Errorf("%+v, %v", back.Calls, err)
	}
}
