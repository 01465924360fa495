package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/tools/module"
)

// bill is a CycloneDX document, as much of it as is filled in.
type bill struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type     string     `json:"type"`
	Ref      string     `json:"bom-ref"`
	Name     string     `json:"name"`
	Version  string     `json:"version"`
	Hashes   []digest   `json:"hashes,omitempty"`
	Licences []licensed `json:"licenses"`
	URL      string     `json:"purl"`
}

type digest struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type licensed struct {
	Licence struct {
		ID string `json:"id"`
	} `json:"license"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

func described(kind string, m module.Module) component {
	url := "pkg:golang/" + strings.ToLower(m.Path) + "@" + m.Version
	c := component{Type: kind, Ref: url, Name: m.Path, Version: m.Version, URL: url, Licences: make([]licensed, 1)}
	c.Licences[0].Licence.ID = m.Licence
	return c
}

// hashOf is the checksum of go.sum in the form that CycloneDX has: SHA-256 of the list of a
// module's files, in hexadecimal.
func hashOf(m module.Module) (digest, error) {
	text, ok := strings.CutPrefix(m.Sum, "h1:")
	sum, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(sum) != 32 {
		return digest{}, fmt.Errorf("%s has no checksum that is known here: %q", m.Path, m.Sum)
	}
	return digest{"SHA-256", hex.EncodeToString(sum)}, nil
}
