package checks

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// comments is a code host's list of comments on one pull request, in the parts the recipes
// use: GitHub's issue comments and GitLab's notes differ only in their paths.
type comments struct {
	mu     sync.Mutex
	bodies []string // the comment with id n stands at n-1
}

// serveComments serves a list that somebody else has written to already.
func serveComments(t *testing.T, header, token string, list, one func(path string) bool) (*comments, string) {
	t.Helper()
	c := &comments{bodies: []string{"Looks good."}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if r.Header.Get(header) != token {
			http.Error(w, "who are you", http.StatusUnauthorized)
			return
		}
		var sent struct{ Body string }
		if r.Method != http.MethodGet {
			if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || sent.Body == "" {
				http.Error(w, "no body", http.StatusUnprocessableEntity)
				return
			}
		}
		switch {
		case r.Method == http.MethodGet && list(r.URL.Path):
			c.list(w)
		case r.Method == http.MethodPost && list(r.URL.Path):
			c.bodies = append(c.bodies, sent.Body)
		case (r.Method == http.MethodPatch || r.Method == http.MethodPut) && one(r.URL.Path):
			id, err := strconv.Atoi(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
			if err != nil || id < 1 || id > len(c.bodies) {
				http.Error(w, "no such comment", http.StatusNotFound)
				return
			}
			c.bodies[id-1] = sent.Body
		default:
			http.Error(w, "not here: "+r.Method+" "+r.URL.Path, http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	return c, server.URL
}

func (c *comments) list(w http.ResponseWriter) {
	type comment struct {
		ID   int    `json:"id"`
		Body string `json:"body"`
	}
	var all []comment
	for i, b := range c.bodies {
		all = append(all, comment{i + 1, b})
	}
	_ = json.NewEncoder(w).Encode(all) // a client that is gone fails by itself
}

// ours is the one comment that inlay wrote.
func (c *comments) ours(t *testing.T) string {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.bodies) != 2 || c.bodies[0] != "Looks good." {
		t.Fatalf("the comments are not the one that stood there and one of ours: %q", c.bodies)
	}
	return c.bodies[1]
}
