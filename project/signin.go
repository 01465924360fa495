package project

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

// signIns are stored tokens: by app ("intercom/CLIENT_ID"), then by workspace name. They
// are the person's own, so they stand in the person's configuration folder, readable by
// nobody else, and in no project.
type signIns map[string]map[string]string

// signInsPath is where sign-ins are stored: INLAY_CREDENTIALS, or inlay/sign-ins.json in
// the person's configuration folder.
func (w World) signInsPath() (string, error) {
	for _, place := range []struct{ variable, below string }{
		{"INLAY_CREDENTIALS", ""}, {"XDG_CONFIG_HOME", "inlay/sign-ins.json"}, {"HOME", ".config/inlay/sign-ins.json"}, {"USERPROFILE", ".config/inlay/sign-ins.json"},
	} {
		if v, ok := w.Env(place.variable); ok && v != "" {
			return filepath.Join(v, filepath.FromSlash(place.below)), nil
		}
	}
	return "", &Error{Kind: Refused, Summary: "No place for sign-ins", Detail: "Sign-ins are kept in the home folder, and HOME is not set. Set INLAY_CREDENTIALS to the file that should hold them."}
}

func (w World) signIns() (signIns, error) {
	path, err := w.signInsPath()
	if err != nil {
		return signIns{}, nil // nowhere to store is nothing stored
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return signIns{}, nil
	}
	if err != nil {
		return nil, err
	}
	stored := signIns{}
	if err := json.Unmarshal(data, &stored); err != nil {
		return nil, &Error{Kind: Credentials, Summary: "Stored sign-ins not readable", Detail: fmt.Sprintf("%s is not what inlay wrote. Remove it and sign in again with `inlay login`.", path)}
	}
	return stored, nil
}

func (w World) saveSignIns(stored signIns) error {
	path, err := w.signInsPath()
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(stored, "", "  ")
	if err != nil {
		return err
	}
	dir, err := durable.Make(filepath.Dir(path), 0o700, w.faults())
	if err != nil {
		return err
	}
	return errors.Join(dir.Replace(filepath.Base(path), append(data, '\n'), 0o600), dir.Close())
}

// StoredSignIn is one sign-in that is kept, without its token.
type StoredSignIn struct{ Service, App, Account string }

// StoredSignIns lists the sign-ins that are kept, by service, app and workspace name.
func (w World) StoredSignIns() ([]StoredSignIn, error) {
	stored, err := w.signIns()
	if err != nil {
		return nil, err
	}
	var out []StoredSignIn
	for _, app := range slices.Sorted(maps.Keys(stored)) {
		service, id, _ := strings.Cut(app, "/")
		for _, account := range slices.Sorted(maps.Keys(stored[app])) {
			out = append(out, StoredSignIn{Service: service, App: id, Account: account})
		}
	}
	return out, nil
}

// appOf names the app whose sign-ins a connection uses; "" when it has no oauth block.
func appOf(provider string, settings setting.Values) string {
	id := settings.Block("oauth").String("client_id")
	if id == "" {
		return ""
	}
	return provider + "/" + id
}

// tokens are the stored sign-ins of a connection's app.
func (p *Project) tokens(provider string, settings setting.Values) (map[string]setting.Secret, error) {
	app := appOf(provider, settings)
	if app == "" {
		return nil, nil
	}
	stored, err := p.world.signIns()
	if err != nil {
		return nil, err
	}
	out := map[string]setting.Secret{}
	for account, token := range stored[app] {
		out[account] = setting.NewSecret(token)
	}
	return out, nil
}

// SignIn is a sign-in under way.
type SignIn struct {
	URL  string // where the person signs in
	Note string // what they must know before

	project    *Project
	provider   providers.Authorizer
	connection providers.Connection
	app, state string
}

// Login begins to sign in to the service of a connection with an oauth block.
func (p *Project) Login(a addr.Address) (*SignIn, error) {
	c := p.config.Connection(a)
	if c == nil {
		return nil, p.unknown(a)
	}
	access := p.accessOf(a, c.Provider, c.Settings)
	if access.Err != nil {
		return nil, access.Err
	}
	authorizer, ok := access.Provider.(providers.Authorizer)
	app := appOf(c.Provider, c.Settings)
	if !ok || app == "" {
		return nil, &Error{Kind: Refused, Address: a, Summary: "No sign-in here", Detail: fmt.Sprintf("%s has no oauth block with a client_id, so there is nothing to sign in to. Add one, or set a token.", a)}
	}
	s := &SignIn{Note: authorizer.LoginNote(), project: p, provider: authorizer, connection: access.Connection, app: app, state: rand.Text()}
	var err error
	s.URL, err = authorizer.AuthURL(access.Connection, s.state)
	return s, err
}

// Finish trades the address the person was sent to for a token, stores it and returns the
// name of the workspace it belongs to.
func (s *SignIn) Finish(ctx context.Context, redirected string) (string, error) {
	token, workspace, err := s.provider.Exchange(ctx, s.connection, strings.TrimSpace(redirected), s.state)
	if err != nil {
		return "", err
	}
	stored, err := s.project.world.signIns()
	if err != nil {
		return "", err
	}
	account := workspace.Name
	if account == "" {
		account = workspace.ID
	}
	if stored[s.app] == nil {
		stored[s.app] = map[string]string{}
	}
	stored[s.app][account] = token.Reveal()
	return account, s.project.world.saveSignIns(stored)
}

// Logout forgets the stored sign-ins of a connection's app, or the one of an account, and
// returns whose they were. The service is not told: tokens are revoked there.
func (p *Project) Logout(a addr.Address, account string) ([]string, error) {
	c := p.config.Connection(a)
	if c == nil {
		return nil, p.unknown(a)
	}
	stored, err := p.world.signIns()
	if err != nil {
		return nil, err
	}
	app := appOf(c.Provider, c.Settings)
	gone := slices.Sorted(maps.Keys(stored[app]))
	if account != "" {
		gone = slices.DeleteFunc(gone, func(name string) bool { return name != account })
	}
	if len(gone) == 0 {
		return nil, &Error{Kind: NotFound, Address: a, Summary: "Not signed in", Detail: fmt.Sprintf("No such sign-in is stored for %s.", a)}
	}
	for _, name := range gone {
		delete(stored[app], name)
	}
	return gone, p.world.saveSignIns(stored)
}
