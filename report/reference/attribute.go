package reference

import (
	"strings"

	"github.com/inlay-sync/inlay/setting"
)

func typeOf(s setting.Setting) string {
	switch s.Kind {
	case setting.Reference:
		return "reference to a " + s.RefKind
	case setting.Strings:
		return "list of strings"
	case setting.Duration:
		return "duration, such as `\"30m\"`"
	case setting.Size:
		return "size, such as `\"128MiB\"`"
	}
	return string(s.Kind)
}

func defaultOf(s setting.Setting) string {
	switch {
	case s.Required:
		return "**required**"
	case s.Default != nil:
		return code(hcl(s.Default))
	}
	return ""
}

func docOf(s setting.Setting) string {
	doc := sentence(s.Doc)
	if len(s.Values) > 0 {
		quoted := make([]string, len(s.Values))
		for i, v := range s.Values {
			quoted[i] = code(hcl(v))
		}
		doc += " One of " + strings.Join(quoted, ", ") + "."
	}
	if s.Ephemeral {
		doc += " Ephemeral: written nowhere, and needed only when the service is asked."
	}
	if s.Deprecated != "" {
		doc += " Deprecated: " + sentence(s.Deprecated)
	}
	return doc
}
