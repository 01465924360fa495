package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
)

// reference decodes an attribute that names a block. It is an expression like any other,
// but its value must be a block: a text that spells an address will not do.
func (d *decoder) reference(a *hcl.Attribute, st *setting.Setting, path string) {
	at, ok := d.named(a.Expr, st)
	if !ok {
		d.breakAt(path)
		return
	}
	if at.IsZero() { // null: as if it were not written
		return
	}
	if string(at.Kind) != st.RefKind {
		d.found.error(sumWrongReference, a.Expr.Range(), "%s names a %s, and %s is a %s. Write %s.", st.Name, st.RefKind, at, at.Kind, referenceForm(addr.Kind(st.RefKind)))
		d.breakAt(path)
		return
	}
	d.out.refs = append(d.out.refs, ref{path, at})
}

// named returns the address an expression names; the zero Address for null.
func (d *decoder) named(expr hcl.Expression, st *setting.Setting) (addr.Address, bool) {
	if a, ok, direct := d.direct(expr); direct {
		return a, ok
	}
	v := d.eval(expr, d.each)
	if _, native := hcl.UnwrapExpression(expr).(hclsyntax.Expression); !native {
		if t, diags := hcl.AbsTraversalForExpr(expr); !diags.HasErrors() { // in JSON a reference is a string
			return d.named(&hclsyntax.ScopeTraversalExpr{Traversal: t, SrcRange: expr.Range()}, st)
		}
	}
	return d.addressIn(v, expr, st)
}

func (d *decoder) addressIn(v cty.Value, expr hcl.Expression, st *setting.Setting) (addr.Address, bool) {
	if m := marksOf(v); len(m[unset]) > 0 {
		d.reportUnset(m[unset][0], st.Name, expr.Range())
		return addr.Address{}, false
	}
	if a, ok := addressOf(v); ok {
		return a, true
	}
	switch key, group := isGroup(v); {
	case isNull(v):
		return addr.Address{}, true
	case !isKnown(v):
		d.skipped = append(d.skipped, expr.Range())
	case group:
		d.needsKey(expr.Range(), key)
	default:
		if s, ok := text(v); ok {
			if _, err := addr.Parse(s); err == nil {
				d.found.error(sumNotReference, expr.Range(), "%s names a block, and a block is named without quotes: %s = %s.", st.Name, st.Name, s)
				break
			}
		}
		d.found.error(sumNotReference, expr.Range(), "%s names a %s, written %s, and this is %s.", st.Name, st.RefKind, referenceForm(addr.Kind(st.RefKind)), describe(v))
	}
	return addr.Address{}, false
}

func (d *decoder) needsKey(at hcl.Range, example string) {
	d.found.error(sumIncomplete, at, "That block has for_each, so it stands for several. Name one of them with its key, such as [%q] or [each.key].", example)
}

// direct resolves the two usual forms, kind.type.name and kind.type.name[key], by name
// alone, without working out the values of the block that is named. direct is false when
// the expression has another form.
func (d *decoder) direct(expr hcl.Expression) (a addr.Address, ok, direct bool) {
	var t hcl.Traversal
	var key cty.Value
	switch x := hcl.UnwrapExpression(expr).(type) {
	case *hclsyntax.ScopeTraversalExpr:
		t = x.Traversal
	case *hclsyntax.IndexExpr:
		collection, is := x.Collection.(*hclsyntax.ScopeTraversalExpr)
		if !is {
			return a, false, false
		}
		t = collection.Traversal
		if len(t) != blockSteps(t) {
			return a, false, false
		}
		key = d.eval(x.Key, d.each)
	default:
		return a, false, false
	}
	n := blockSteps(t)
	if n == 0 || len(t) < n {
		return a, false, false
	}
	if key == cty.NilVal && len(t) == n+1 {
		step, is := t[n].(hcl.TraverseIndex)
		if !is {
			return a, false, false
		}
		key = step.Key
	} else if len(t) > n {
		return a, false, false
	}
	return d.instance(t, key, expr.Range())
}

// blockSteps is how many steps of a traversal name a block; 0 when it begins with none.
func blockSteps(t hcl.Traversal) int {
	switch t.RootName() {
	case "connection", "source", "target":
		return 3
	case "schedule":
		return 2
	}
	return 0
}

func (d *decoder) instance(t hcl.Traversal, key cty.Value, at hcl.Range) (a addr.Address, ok, direct bool) {
	b, id, problem := d.findBlock(t)
	if problem != nil {
		d.found.add(problem)
		return a, false, true
	}
	if !d.graph.ensure(b.node, at) || b.broken {
		return a, false, true
	}
	if key == cty.NilVal {
		if b.keyed {
			d.needsKey(at, b.exampleKey())
			return a, false, true
		}
		return d.address(id, nil), true, true
	}
	if !isKnown(key) {
		return d.addressUnknownKey(key, at)
	}
	name, isText := text(key)
	switch {
	case !b.keyed:
		d.found.error(sumMissingInstance, at, "%s has no for_each, so it has no keys. Leave the brackets out.", id)
	case !isText:
		d.found.error(sumMissingInstance, at, "The key of an instance is a string, and this is %s.", describe(key))
	case b.byKey[name] == nil:
		d.found.error(sumMissingInstance, at, "%s has no instance %q.%s", id, name, hint(name, b.keys()))
	default:
		return d.address(id, &each{key: name}), true, true
	}
	return a, false, true
}

func (d *decoder) addressUnknownKey(key cty.Value, at hcl.Range) (addr.Address, bool, bool) {
	if m := marksOf(key); len(m[unset]) > 0 {
		d.reportUnset(m[unset][0], "the key", at)
	} else {
		d.skipped = append(d.skipped, at)
	}
	return addr.Address{}, false, true
}
