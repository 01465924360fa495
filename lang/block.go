package lang

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
)

// blockNode is a block of one of the four kinds with its instances.
type blockNode struct {
	*node
	scope  *scope
	id     blockID
	block  *hcl.Block
	schema *schema
	keyed  bool // has for_each
	broken bool // its instances cannot be told; the reason was reported
	list   []*instance
	byKey  map[string]*instance
}

// instance is one block after for_each.
type instance struct {
	*decoded
	address        addr.Address
	at             hcl.Range
	enabled        bool
	preventDestroy bool
}

func newBlockNode(s *scope, id blockID, b *hcl.Block) *blockNode {
	n := &blockNode{scope: s, id: id, block: b}
	n.node = &node{name: id.String(), in: s.path, at: b.DefRange, run: n.evaluate, make: n.object}
	return n
}

// evaluate works out for_each and decodes every instance.
func (n *blockNode) evaluate() {
	s := n.scope
	sc, problem := s.schemaOf(n.id, n.block)
	if problem != nil {
		s.found.add(problem)
		n.broken = true
		return
	}
	n.schema = sc
	dynamic := hasDynamic(n.block.Body)
	var content *hcl.BodyContent
	if !dynamic { // one reading serves all instances
		var diags hcl.Diagnostics
		content, diags = n.block.Body.Content(sc.body)
		s.found.addAll(diags)
	} else {
		content, _, _ = n.block.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "for_each"}}})
	}
	forEach := content.Attributes["for_each"]
	if forEach == nil && slices.Contains(misspelt(n.block.Body, sc.names), "for_each") {
		n.broken = true
		return
	}
	if forEach == nil {
		n.list = []*instance{n.instance(content, dynamic, nil)}
		return
	}
	n.keyed, n.byKey = true, map[string]*instance{}
	all, ok := s.forEach(forEach.Expr, nil)
	n.broken = !ok
	for _, e := range all {
		i := n.instance(content, dynamic, e)
		n.list = append(n.list, i)
		n.byKey[e.key] = i
	}
}

func (n *blockNode) instance(content *hcl.BodyContent, dynamic bool, e *each) *instance {
	s := n.scope
	i := &instance{address: s.address(n.id, e), at: n.block.DefRange, enabled: true}
	d := newDecoder(s, e, i.address.String())
	d.secretURLs = n.id.kind == addr.Connection
	if dynamic {
		content = d.expand(n.block.Body, n.schema)
	} else if len(n.list) > 0 { // the same text
		d.out.ranges = n.list[0].ranges
	}
	i.decoded = d.out
	i.values = n.schema.shared(d.body(content, n.block, n.schema, "", n.schema.fill()))
	if a := content.Attributes["enabled"]; a != nil {
		i.enabled = d.flag(a, sumEnabled, true)
		d.stands("enabled", a.Range)
	}
	if a := content.Attributes["for_each"]; a != nil {
		d.stands("for_each", a.Range)
	}
	i.preventDestroy = d.lifecycle(content)
	return i
}

// expand writes the dynamic blocks of a body out.
func (d *decoder) expand(body hcl.Body, sc *schema) *hcl.BodyContent {
	refs := expandVariables(dynblock.WalkExpandVariables(body), sc)
	ctx := d.context(refs, d.each)
	expanded := dynblock.Expand(body, ctx, dynblock.OptCheckForEach(d.checkDynamic))
	reads := d.envReads
	content, diags := expanded.Content(sc.body)
	for _, problem := range diags {
		meantBlock(problem, sc)
	}
	for _, name := range d.reportFailure(diags, d.envReads != reads || anySecret(ctx)) {
		d.reportUnset(mark{kind: unset, name: name}, "a dynamic block", body.MissingItemRange())
	}
	return content
}

// unexpectedBlock finds the kind of block in what is said of one that should not be there.
var unexpectedBlock = regexp.MustCompile(`^Blocks of type "([^"]+)" are not expected here\.$`)

// meantBlock adds what was probably meant to what is said of a dynamic block of a kind that
// there is not.
func meantBlock(problem *hcl.Diagnostic, sc *schema) {
	if m := unexpectedBlock.FindStringSubmatch(problem.Detail); m != nil {
		if near := addr.Nearest(m[1], sortedKeys(sc.inner)); near != "" {
			problem.Detail += fmt.Sprintf(" Did you mean %q?", near)
		}
	}
}

// checkDynamic refuses a for_each whose blocks would tell a secret.
func (d *decoder) checkDynamic(v cty.Value, expr hcl.Expression, _ *hcl.EvalContext) hcl.Diagnostics {
	m := marksOf(v)
	secrets := append(m[sensitive], m[ephemeral]...)
	switch {
	case len(secrets) > 0:
		return hcl.Diagnostics{problem(sumDynamicSensitive, expr.Range(), "The blocks that this makes would show a value that derives from the secret %s: %s.", secrets[0].name, d.way(secrets[0], expr))}
	case len(m[unset]) > 0:
		d.reportUnset(m[unset][0], "dynamic", expr.Range())
	}
	return nil
}

func expandVariables(w dynblock.WalkVariablesNode, sc *schema) []hcl.Traversal {
	body := &hcl.BodySchema{}
	if sc != nil {
		body = sc.body
	}
	refs, children := w.Visit(body)
	for _, c := range children {
		var inner *schema
		if sc != nil {
			inner = sc.inner[c.BlockTypeName]
		}
		refs = append(refs, expandVariables(c.Node, inner)...)
	}
	return refs
}

// hasDynamic reports whether a body may hold dynamic blocks. A body that is not of the
// native syntax always may.
func hasDynamic(b hcl.Body) bool {
	body, ok := b.(*hclsyntax.Body)
	if !ok {
		return true
	}
	return slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "dynamic" || hasDynamic(b.Body) })
}

// flag evaluates a bool that belongs to the language.
func (d *decoder) flag(a *hcl.Attribute, summary string, def bool) bool {
	v := d.eval(a.Expr, d.each)
	if !d.storable(v, a.Expr, a.Name) || isNull(v) {
		return def
	}
	b, ok := truth(v)
	if !ok {
		d.found.error(summary, a.Expr.Range(), "%s must be true or false, and this is %s.", a.Name, describe(v))
		return def
	}
	return b
}

var lifecycleSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "prevent_destroy"}}}

func (d *decoder) lifecycle(content *hcl.BodyContent) bool {
	prevent := false
	seen := map[string]hcl.Range{}
	for _, b := range content.Blocks {
		if b.Type != "lifecycle" {
			continue
		}
		if first, twice := seen["lifecycle"]; twice {
			d.found.error(sumRepeatedBlock, b.DefRange, "There is already a block lifecycle here, at %s.", where(first))
			continue
		}
		seen["lifecycle"] = b.DefRange
		c, _ := bodyOf(b, lifecycleSchema, d.found)
		if a := c.Attributes["prevent_destroy"]; a != nil {
			prevent = d.flag(a, sumPreventDestroy, false)
			d.stands("lifecycle.prevent_destroy", a.Range)
		}
	}
	return prevent
}

func (n *blockNode) keys() []string { return sortedKeys(n.byKey) }

func (n *blockNode) exampleKey() string {
	if keys := n.keys(); len(keys) > 0 {
		return keys[0]
	}
	return "key"
}

// object is what expressions see of the block: an object of its stored settings and its
// address, or of one such object for each key.
func (n *blockNode) object() cty.Value {
	if n.broken {
		return cty.DynamicVal
	}
	if !n.keyed {
		return n.list[0].object(n.schema)
	}
	all := make(map[string]cty.Value, len(n.list))
	for _, i := range n.list {
		all[i.address.Key] = i.object(n.schema)
	}
	return cty.ObjectVal(all)
}

func (i *instance) object(sc *schema) cty.Value {
	out := make(map[string]cty.Value, len(sc.list)+2)
	for k := range sc.list {
		st := &sc.list[k]
		switch {
		case st.Ephemeral:
		case i.broken[st.Name]:
			out[st.Name] = cty.DynamicVal
		case st.Place:
			out[st.Name] = fromGo(orNil(i.placedAt(st)))
		case st.Kind == setting.Reference:
			out[st.Name] = fromGo(orNil(i.refersTo(st.Name).String()))
		default:
			out[st.Name] = fromGo(i.values[st.Name])
		}
	}
	out["enabled"] = cty.BoolVal(i.enabled)
	out[addressAttr] = addressValue(i.address)
	return cty.ObjectVal(out)
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// rangeAt is where an attribute stands, or the block's header when it was not written.
func (i *instance) rangeAt(attribute string) hcl.Range {
	if r := i.ranges[attribute].Subject(); r != nil {
		return *r
	}
	return i.at
}
