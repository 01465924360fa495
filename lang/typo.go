package lang

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/inlay-sync/inlay/addr"
)

// A misspelt name makes two things wrong: the name itself is unknown, and what it was
// meant to be is missing. This file recognises the second, so that one mistake is one
// diagnostic: the one at the misspelling.

// silent is a problem that was reported where it was made.
var silent = &hcl.Diagnostic{}

// misspelt returns the names that a body was probably meant to hold: the one nearest to
// each attribute and block that the body should not have.
func misspelt(body hcl.Body, known []string) []string {
	var meant []string
	for _, written := range namesIn(body) {
		if slices.Contains(known, written) || written == "dynamic" {
			continue
		}
		if near := addr.Nearest(written, known); near != "" && !slices.Contains(meant, near) {
			meant = append(meant, near)
		}
	}
	return meant
}

// namesIn lists the attributes and the kinds of blocks that a body holds. In JSON one looks
// like the other.
func namesIn(body hcl.Body) []string {
	b, native := body.(*hclsyntax.Body)
	if !native {
		all, _ := body.JustAttributes()
		return sortedKeys(all)
	}
	names := sortedKeys(b.Attributes)
	for _, inner := range b.Blocks {
		names = append(names, inner.Type)
	}
	return names
}

// surplus reports whether a body may hold more than what was taken from it.
func surplus(body hcl.Body, taken *hcl.BodyContent) bool {
	b, native := body.(*hclsyntax.Body)
	return !native || len(b.Attributes)+len(b.Blocks) != len(taken.Attributes)+len(taken.Blocks)
}

// bodyOf reads a body of the language's own by its schema. What is required and missing is
// reported, unless it is there under a misspelt name. ok is false when something required
// is missing.
func bodyOf(b *hcl.Block, schema *hcl.BodySchema, found *findings) (c *hcl.BodyContent, ok bool) {
	lenient := &hcl.BodySchema{Blocks: schema.Blocks}
	var known []string
	for _, a := range schema.Attributes {
		lenient.Attributes = append(lenient.Attributes, hcl.AttributeSchema{Name: a.Name})
		known = append(known, a.Name)
	}
	for _, inner := range schema.Blocks {
		known = append(known, inner.Type)
	}
	c, diags := b.Body.Content(lenient)
	found.addAll(diags)
	var meant []string
	if diags.HasErrors() {
		meant = misspelt(b.Body, known)
	}
	ok = true
	for _, a := range schema.Attributes {
		if !a.Required || c.Attributes[a.Name] != nil {
			continue
		}
		ok = false
		if !slices.Contains(meant, a.Name) {
			found.error(sumMissing, b.DefRange, "The attribute %s is required here.", a.Name)
		}
	}
	return c, ok
}

// ghosts are the blocks that a body would declare if their kinds were spelt right, by how
// they would be referred to: "connection.intercom.acme", "var.token", "module.eu".
func ghosts(body hcl.Body, into map[string]bool) {
	for _, written := range slices.Compact(namesIn(body)) {
		meant, known := meantKind(written)
		if known || meant == "" {
			continue
		}
		for _, block := range blocksOf(body, written, meant) {
			into[strings.Join(append([]string{rootOf(meant)}, block.Labels...), ".")] = true
			if meant == "locals" {
				for _, l := range namesIn(block.Body) {
					into["local."+l] = true
				}
			}
		}
	}
}

// blocksOf returns the blocks under a misspelt kind, read as the kind that was meant.
func blocksOf(body hcl.Body, written, meant string) hcl.Blocks {
	for _, b := range fileSchema.Blocks {
		if b.Type == meant {
			b.Type = written
			content, _, _ := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{b}})
			return content.Blocks
		}
	}
	return nil
}

func meantKind(written string) (meant string, known bool) {
	kinds := make([]string, 0, len(fileSchema.Blocks))
	for _, b := range fileSchema.Blocks {
		if b.Type == written {
			return written, true
		}
		kinds = append(kinds, b.Type)
	}
	return addr.Nearest(written, kinds), false
}

// rootOf is what references to a kind of block begin with.
func rootOf(kind string) string {
	if kind == "variable" {
		return "var"
	}
	return kind
}

// declaredAskew reports whether a reference that finds nothing would have found a block
// whose declaration was reported: its kind or its provider is misspelt.
func (s *scope) declaredAskew(id blockID) bool {
	if s.folder.ghosts[id.String()] {
		return true
	}
	for other := range s.blocks {
		if other.kind == id.kind && other.name == id.name && other.typ != id.typ && !s.knownType(other) && addr.Nearest(id.typ, []string{other.typ}) != "" {
			return true
		}
	}
	return false
}

func (l *load) knownType(id blockID) bool {
	switch id.kind {
	case addr.Schedule:
		return true
	case addr.Target:
		_, ok := l.catalogue.Targets[id.typ]
		return ok
	}
	_, ok := l.catalogue.Providers[id.typ]
	return ok
}
