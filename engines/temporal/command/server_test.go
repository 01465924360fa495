package command

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/project"
)

// TestEncryption: the connection is encrypted when the variables of Temporal's tools say so,
// and always where a key is sent; what is wrong with them is said by name.
func TestEncryption(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.pem")
	for _, c := range []struct {
		env       map[string]string
		key       bool
		encrypted bool
		problem   string
	}{
		{nil, false, false, ""},
		{nil, true, true, ""},
		{map[string]string{"TEMPORAL_TLS": "true"}, false, true, ""},
		{map[string]string{"TEMPORAL_TLS": "false"}, false, false, ""},
		{map[string]string{"TEMPORAL_TLS_SERVER_NAME": "temporal.example"}, false, true, ""},
		{map[string]string{"TEMPORAL_TLS": "perhaps"}, false, false, "TEMPORAL_TLS is neither true nor false"},
		{map[string]string{"TEMPORAL_TLS_SERVER_CA_CERT_PATH": missing}, false, false, "TEMPORAL_TLS_SERVER_CA_CERT_PATH names cannot be read"},
		{map[string]string{"TEMPORAL_TLS_CLIENT_CERT_PATH": missing}, false, false, "TEMPORAL_TLS_CLIENT_KEY_PATH name the two files"},
	} {
		world := project.World{Env: func(n string) (string, bool) { v, ok := c.env[n]; return v, ok }}
		got, err := encryption(world, c.key)
		switch {
		case c.problem == "" && err != nil:
			t.Errorf("%v: %v", c.env, err)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
			t.Errorf("%v: %v, not %q", c.env, err, c.problem)
		case (got != nil) != c.encrypted:
			t.Errorf("%v: encrypted is %t", c.env, got != nil)
		case got != nil && got.ServerName != c.env["TEMPORAL_TLS_SERVER_NAME"]:
			t.Errorf("%v: the server is to be called %q", c.env, got.ServerName)
		}
	}
}
