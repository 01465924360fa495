package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// The ways in which Decode refuses a plan; tell them apart with errors.Is.
var (
	ErrEdited    = errors.New("the plan was changed after it was made")
	ErrNewer     = errors.New("the plan was made by a newer inlay")
	ErrMalformed = errors.New("this is not a plan")
)

// idField is how the id stands in the encoded plan; the hash is over the text with an
// empty id in its place.
const idField = "\n  \"plan_id\": \""

// Encode writes the plan as canonical JSON: two spaces, keys of maps in order, a newline at
// the end. It fills in ID, the hash of everything else.
func (p *Plan) Encode() ([]byte, error) {
	body := *p
	body.Format, body.ID = Format, ""
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(&body); err != nil {
		return nil, fmt.Errorf("encode the plan: %w", err)
	}
	text := buf.Bytes()
	p.Format, p.ID = Format, contentID(text)
	return bytes.Replace(text, []byte(idField), []byte(idField+p.ID), 1), nil
}

func contentID(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Decode reads what Encode wrote, byte for byte but for space at the end. Its errors wrap
// ErrEdited, ErrNewer or ErrMalformed.
func Decode(text []byte) (*Plan, error) {
	var mark struct {
		Format *int   `json:"format"`
		ID     string `json:"plan_id"`
	}
	if err := json.Unmarshal(text, &mark); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	switch {
	case mark.Format == nil || *mark.Format < 1 || mark.ID == "":
		return nil, fmt.Errorf("%w: it has no format number or no plan_id", ErrMalformed)
	case *mark.Format > Format:
		return nil, fmt.Errorf("%w: its format is %d, and this one reads up to %d; use the inlay that made it, or plan again", ErrNewer, *mark.Format, Format)
	}
	text = append(bytes.TrimRight(text, " \t\r\n"), '\n')
	empty := bytes.Replace(text, []byte(idField+mark.ID), []byte(idField), 1)
	if contentID(empty) != mark.ID {
		return nil, fmt.Errorf("%w: its content does not match its plan_id; plan again", ErrEdited)
	}
	var p Plan
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if p.State == nil {
		return nil, fmt.Errorf("%w: it holds no state", ErrMalformed)
	}
	return &p, nil
}
