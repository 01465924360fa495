package lang

import (
	"errors"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/setting"
)

// inlay decodes the inlay block; without one, the defaults hold.
func (s *scope) inlay() Inlay {
	sc := newSchema(InlaySettings(), false)
	d := newDecoder(s, nil, "inlay")
	b := s.folder.inlay
	if b == nil {
		if s.folder.ghosts["inlay"] {
			d.breakAt("hash_key")
		}
		return newInlay(Block{Settings: sc.fill(), Enabled: true, broken: d.out.broken}, d.out)
	}
	content := &hcl.BodyContent{}
	if hasDynamic(b.Body) {
		content = d.expand(b.Body, sc)
	} else {
		var diags hcl.Diagnostics
		content, diags = b.Body.Content(sc.body)
		s.found.addAll(diags)
	}
	values := d.body(content, b, sc, "", sc.fill())
	in := newInlay(Block{Range: rangeOf(b.DefRange), Ranges: d.out.ranges, Settings: values, Enabled: true, broken: d.out.broken}, d.out)
	if !s.checkVersion(in.RequiredVersion, d.out.ranges["required_version"].hcl()) {
		d.breakAt("required_version")
	}
	for _, name := range []string{"warehouse", "state"} {
		if !d.out.broken[name] && !s.checkPath(name, values.String(name), d.out.ranges[name].hcl()) {
			d.breakAt(name)
		}
	}
	in.broken = d.out.broken
	return in
}

func newInlay(b Block, d *decoded) Inlay {
	in := Inlay{
		Block: b, RequiredVersion: b.Settings.String("required_version"), Warehouse: b.Settings.String("warehouse"),
		State: b.Settings.String("state"), HashKey: d.secrets["hash_key"], Missing: d.missing,
	}
	for _, w := range b.Settings.Blocks("webhook") {
		name := w.String("name")
		in.Webhooks = append(in.Webhooks, Webhook{
			Name: name, URL: d.secrets["webhook."+name+".url"], Secret: d.secrets["webhook."+name+".secret"],
			On: setting.Values(w).Strings("on"), Range: b.Ranges["webhook."+name],
		})
	}
	return in
}

// checkPath refuses a path that is no path: empty, or with a byte no file system takes; and
// a URL that is none of an object store, or, for the state, names no object in it.
func (s *scope) checkPath(name, p string, at hcl.Range) (ok bool) {
	switch {
	case at == (hcl.Range{}):
		return true
	case strings.TrimSpace(p) == "", strings.ContainsRune(p, 0):
		s.found.error(sumOutsideWarehouse, at, "A path is needed here, relative to the folder of the configuration or absolute.")
		return false
	case !objects.IsURL(p):
		return true
	}
	u, err := objects.ParseURL(p)
	if err == nil && name == "state" && (u.Prefix == "" || strings.HasSuffix(p, "/")) {
		err = errors.New("the state is an object, and this is a place for several; write s3://BUCKET/PREFIX/state.json")
	}
	if err != nil {
		s.found.error(sumOutsideWarehouse, at, "This is no place on an object store: %v.", err)
		return false
	}
	return true
}
