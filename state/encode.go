package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/spec"
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

// stored is a State as it stands in its file: specs, which many targets share, stand once.
type stored struct {
	Kind     string `json:"kind"`
	Format   int    `json:"format"`
	Checksum string `json:"checksum"`
	*State
	Sources map[addr.Address]storedSource `json:"sources,omitempty"`
	Targets map[addr.Address]storedTarget `json:"targets,omitempty"`
	Specs   map[string]spec.Spec          `json:"specs,omitempty"`

	named []namedSpec // of targets that were read, but for their specs, into the State
}

type namedSpec struct {
	target addr.Address
	spec   string
}

type storedSource struct {
	Source
	Settings json.RawMessage `json:"settings"` // the same for many sources
}

type storedTarget struct {
	Target
	Spec string `json:"spec"` // its name among the specs
}

// Encode writes the canonical form of s: equal states give equal bytes.
func Encode(s *State) ([]byte, error) {
	form := stored{Kind: "inlay state", Format: Format, State: s}
	var err error
	if form.Sources, err = storeSources(s.Sources); err != nil {
		return nil, err
	}
	if form.Targets, form.Specs, err = storeTargets(s.Targets); err != nil {
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

func storeSources(sources map[addr.Address]Source) (map[addr.Address]storedSource, error) {
	out := make(map[addr.Address]storedSource, len(sources))
	for a, src := range sources {
		data, err := json.Marshal(src.Settings)
		if err != nil {
			return nil, fmt.Errorf("the settings of %s cannot be written as JSON: %w", a, err)
		}
		out[a] = storedSource{Source: src, Settings: data}
	}
	return out, nil
}

// storeTargets names specs by their hashes.
func storeTargets(targets map[addr.Address]Target) (map[addr.Address]storedTarget, map[string]spec.Spec, error) {
	out := make(map[addr.Address]storedTarget, len(targets))
	specs := map[string]spec.Spec{}
	for a, t := range targets {
		data, err := json.Marshal(t.Spec)
		if err != nil {
			return nil, nil, fmt.Errorf("the spec of %s cannot be written as JSON: %w", a, err)
		}
		sum := sha256.Sum256(data)
		name := hex.EncodeToString(sum[:8])
		specs[name] = t.Spec
		out[a] = storedTarget{Target: t, Spec: name}
	}
	return out, specs, nil
}
