package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// The first lines of a state file are fixed, so that what a file is can be told without
// reading it as JSON: its kind, its format, and the SHA-256 of the file with the checksum's
// digits left out.
const (
	headKind     = "{\n \"kind\": \"inlay state\",\n \"format\": "
	headChecksum = ",\n \"checksum\": \""
	checksumSize = 2 * sha256.Size
	fileEnd      = "\n}\n"
)

// stored is a State as it stands in its file: shapes, which many targets share, stand once.
type stored struct {
	Kind     string `json:"kind"`
	Format   int    `json:"format"`
	Checksum string `json:"checksum"`
	*State
	Targets map[addr.Address]storedTarget `json:"targets,omitempty"`
	Shapes  map[string]stream.Shape       `json:"shapes,omitempty"`
}

type storedTarget struct {
	Target
	Spec storedSpec `json:"spec"`
}

type storedSpec struct {
	spec.Spec
	Shape string `json:"shape"` // its name among the shapes
}

// Encode writes the canonical form of s: equal states give equal bytes.
func Encode(s *State) ([]byte, error) {
	form := stored{Kind: "inlay state", Format: Format, State: s}
	var err error
	if form.Targets, form.Shapes, err = withoutShapes(s.Targets); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(form); err != nil {
		return nil, fmt.Errorf("the state cannot be written as JSON: %w", err)
	}
	data := b.Bytes()
	at := len(headKind) + len(fmt.Sprint(Format)) + len(headChecksum)
	sum := checksum(data[:at], data[at:])
	return append(data[:at:at], append([]byte(sum), data[at:]...)...), nil
}

// checksum is the hash of a file around the place of its checksum.
func checksum(before, after []byte) string {
	h := sha256.New()
	h.Write(before)
	h.Write(after)
	return hex.EncodeToString(h.Sum(nil))
}

// withoutShapes names each shape by its hash.
func withoutShapes(targets map[addr.Address]Target) (map[addr.Address]storedTarget, map[string]stream.Shape, error) {
	out := make(map[addr.Address]storedTarget, len(targets))
	shapes := map[string]stream.Shape{}
	for a, t := range targets {
		data, err := json.Marshal(t.Spec.Shape)
		if err != nil {
			return nil, nil, fmt.Errorf("the columns of %s cannot be written as JSON: %w", a, err)
		}
		sum := sha256.Sum256(data)
		name := hex.EncodeToString(sum[:8])
		shapes[name] = t.Spec.Shape
		out[a] = storedTarget{Target: t, Spec: storedSpec{Spec: t.Spec, Shape: name}}
	}
	return out, shapes, nil
}
