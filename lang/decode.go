package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
)

// decoded is one instance of a block after its settings were evaluated and checked one by one.
type decoded struct {
	values  setting.Values // instances that have the same share it
	secrets setting.Secrets
	missing []Missing
	refs    []ref
	place   []placed
	ranges  map[string]Range // of attributes and nested blocks, by path; instances of one text share it
	broken  map[string]bool  // written, but without a usable value; the reason was reported
}

// ref is a reference attribute that names a block.
type ref struct {
	attribute string
	to        addr.Address
}

// placed is an attribute that says where something stands.
type placed struct{ attribute, value string }

// placedAt is what such an attribute says, or its default; "" when it is not known.
func (d *decoded) placedAt(st *setting.Setting) string {
	for _, p := range d.place {
		if p.attribute == st.Name {
			return p.value
		}
	}
	if d.broken[st.Name] {
		return ""
	}
	def, _ := st.Default.(string)
	return def
}

// refersTo is the block that an attribute names; the zero Address for none.
func (d *decoded) refersTo(attribute string) addr.Address {
	for _, r := range d.refs {
		if r.attribute == attribute {
			return r.to
		}
	}
	return addr.Address{}
}

// decoder evaluates the body of one instance.
type decoder struct {
	*scope
	each  *each
	owner string // the block's address, for messages
	out   *decoded
	// secretURLs lets a URL come from the environment, which keeps it out of what is stored.
	secretURLs bool
	nested     map[string]hcl.Range // the blocks inside that were decoded, by path
}

func newDecoder(s *scope, e *each, owner string) *decoder {
	return &decoder{scope: s, each: e, owner: owner, out: &decoded{}}
}

// body decodes attributes and nested blocks by a schema into values, which hold the defaults. prefix is
// the path of the block whose body it is: "" or "column.plan."; from is that block as it is written.
func (d *decoder) body(content *hcl.BodyContent, from *hcl.Block, sc *schema, prefix string, values setting.Values) setting.Values {
	if surplus(from.Body, content) {
		for _, meant := range misspelt(from.Body, sc.names) {
			if content.Attributes[meant] == nil {
				d.breakAt(prefix + meant)
				delete(values, meant)
			}
		}
	}
	for i := range sc.list { // not in the order of a map, so that the same text says the same
		if a := content.Attributes[sc.list[i].Name]; a != nil {
			d.attribute(a, &sc.list[i], prefix, values)
		}
	}
	for _, b := range content.Blocks {
		if st := sc.byName[b.Type]; st != nil {
			d.block(b, st, sc.inner[b.Type], prefix, values)
		}
	}
	for i := range sc.list {
		if st := &sc.list[i]; st.Required && values[st.Name] == nil && d.out.refersTo(prefix+st.Name).IsZero() {
			d.required(content, st, prefix, from.DefRange)
		}
	}
	return values
}

func (d *decoder) required(content *hcl.BodyContent, st *setting.Setting, prefix string, at hcl.Range) {
	if d.out.broken[prefix+st.Name] || d.hasSecret(prefix+st.Name) {
		return
	}
	if st.Kind == setting.Block {
		d.found.error(sumMissing, at, "A block %s { … } is required here. %s", st.Name, st.Doc)
		return
	}
	why := "is required here"
	if a := content.Attributes[st.Name]; a != nil {
		at, why = a.Expr.Range(), "is required here and is null"
	}
	d.found.error(sumMissing, at, "%s", strings.TrimSpace(fmt.Sprintf("The attribute %s %s. %s", st.Name, why, st.Doc)))
}

func (d *decoder) hasSecret(path string) bool {
	if _, ok := d.out.secrets[path]; ok {
		return true
	}
	return slices.ContainsFunc(d.out.missing, func(m Missing) bool { return m.Attribute == path })
}

func (d *decoder) attribute(a *hcl.Attribute, st *setting.Setting, prefix string, values setting.Values) {
	path := prefix + a.Name
	d.stands(path, a.Range)
	if st.Deprecated != "" {
		d.found.warning(sumDeprecated, a.NameRange, "%s is deprecated: %s.", a.Name, st.Deprecated)
	}
	if st.Kind == setting.Reference {
		d.reference(a, st, path)
		return
	}
	if d.unquoted(a, st) {
		d.breakAt(path)
		delete(values, st.Name)
		return
	}
	v := d.eval(a.Expr, d.each)
	if st.Ephemeral || d.mayBeSecret(st, v) {
		d.secret(a, st, path, v)
		return
	}
	d.stored(a, st, path, v, values)
}

// mayBeSecret is true of a connection's URL that comes from the environment.
func (d *decoder) mayBeSecret(st *setting.Setting, v cty.Value) bool {
	return d.secretURLs && st.Check == setting.CheckURL && len(marksOf(v)[ephemeral]) > 0
}

func (d *decoder) stored(a *hcl.Attribute, st *setting.Setting, path string, v cty.Value, values setting.Values) {
	if !d.storable(v, a.Expr, path) {
		d.breakAt(path)
		delete(values, st.Name)
		return
	}
	if isNull(v) {
		return // as if it were not written: the default holds
	}
	p, err := settingValue(v, st)
	if err != nil {
		d.found.error(sumType, a.Expr.Range(), "%s: %v.", st.Name, err)
	} else if diag := check(st, p, a.Expr.Range()); diag != nil {
		d.found.add(diag)
	} else if at, is := p.(string); st.Place && is {
		d.out.place = append(d.out.place, placed{path, at})
		return
	} else {
		values[st.Name] = p
		return
	}
	d.breakAt(path)
	delete(values, st.Name)
}

// stands remembers where an attribute or a nested block is written.
func (d *decoder) stands(path string, at hcl.Range) {
	if d.out.ranges == nil {
		d.out.ranges = make(map[string]Range, 8)
	}
	d.out.ranges[path] = rangeOf(at)
}

func (d *decoder) breakAt(path string) {
	if d.out.broken == nil {
		d.out.broken = map[string]bool{}
	}
	d.out.broken[path] = true
}

// secret keeps an ephemeral value. One that is not known here is Missing, not an error.
func (d *decoder) secret(a *hcl.Attribute, st *setting.Setting, path string, v cty.Value) {
	if m := marksOf(v)[unset]; len(m) > 0 {
		d.out.missing = append(d.out.missing, d.missing(path, m[0].name, a.Expr.Range()))
		return
	}
	if !isKnown(v) {
		d.skipped = append(d.skipped, a.Expr.Range())
		d.breakAt(path)
		return
	}
	if isNull(v) {
		return
	}
	p, err := settingValue(v, st)
	if err != nil {
		d.found.error(sumType, a.Expr.Range(), "%s: %v.", st.Name, err)
		d.breakAt(path)
		return
	}
	if diag := check(st, p, a.Expr.Range()); diag != nil {
		diag.Detail = fmt.Sprintf("%s is not what it must be. %s Its value is secret and not shown.", st.Name, st.Doc)
		d.found.add(diag)
		d.breakAt(path)
		return
	}
	if d.out.secrets == nil {
		d.out.secrets = setting.Secrets{}
	}
	d.out.secrets[path] = setting.NewSecret(fmt.Sprint(p))
}

// missing describes a secret without a value for the command that will need it.
func (d *decoder) missing(path, name string, at hcl.Range) Missing {
	detail := fmt.Sprintf("%s needs %s, which comes from the environment variable %s, and that is not set. Set it and run the command again.", d.owner, path, name)
	if v, ok := varName(name); ok {
		detail = fmt.Sprintf("%s needs %s, which comes from %s, and that has no value. %s", d.owner, path, name, howToGive(v))
	}
	return Missing{Attribute: path, Variable: name, Range: rangeOf(at), Diagnostic: problem(sumSecretMissing, at, "%s", detail)}
}

func (d *decoder) block(b *hcl.Block, st *setting.Setting, inner *schema, prefix string, values setting.Values) {
	path := prefix + b.Type
	label := ""
	if st.Label != "" {
		label = b.Labels[0]
		path += "." + label
	}
	if first, twice := d.nested[path]; twice && (st.Label != "" || !st.Repeated) {
		d.found.error(sumRepeatedBlock, b.DefRange, "There is already a block %s here, at %s.", blockTitle(b), where(first))
		return
	}
	if d.nested == nil {
		d.nested = map[string]hcl.Range{}
	}
	d.nested[path] = b.DefRange
	d.stands(path, b.DefRange)
	if st.Deprecated != "" {
		d.found.warning(sumDeprecated, b.DefRange, "%s is deprecated: %s.", b.Type, st.Deprecated)
	}
	content, diags := b.Body.Content(inner.body)
	d.found.addAll(diags)
	got := d.body(content, b, inner, path+".", inner.fill())
	if st.Label != "" {
		got[st.Label] = label
	}
	if !st.Repeated {
		values[st.Name] = map[string]any(got)
		return
	}
	list, _ := values[st.Name].([]any)
	values[st.Name] = append(list, map[string]any(got))
}

func blockTitle(b *hcl.Block) string {
	title := b.Type
	for _, l := range b.Labels {
		title += fmt.Sprintf(" %q", l)
	}
	return title
}
