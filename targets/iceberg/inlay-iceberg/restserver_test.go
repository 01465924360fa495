package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	ice "github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	icetable "github.com/apache/iceberg-go/table"
)

const restToken = "sesame"

// restServer is a REST catalog, as far as the specification's endpoints are used here, over
// another catalog.
type restServer struct {
	catalog.Catalog
	refuse atomic.Int32 // so many commits are answered as conflicts
	lose   atomic.Int32 // so many commits are made, and their answer is lost
	down   atomic.Bool
}

// serveREST serves a catalog and returns the server and its address.
func serveREST(t *testing.T, c catalog.Catalog) (*restServer, string) {
	s := &restServer{Catalog: c}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/config", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"defaults": map[string]string{}, "overrides": map[string]string{}}, nil)
	})
	mux.HandleFunc("POST /v1/namespaces", s.createNamespace)
	mux.HandleFunc("HEAD /v1/namespaces/{ns}", s.checkNamespace)
	mux.HandleFunc("GET /v1/namespaces/{ns}", s.checkNamespace)
	mux.HandleFunc("POST /v1/namespaces/{ns}/tables", s.createTable)
	mux.HandleFunc("GET /v1/namespaces/{ns}/tables/{table}", func(w http.ResponseWriter, r *http.Request) {
		t, err := s.LoadTable(r.Context(), identOf(r))
		loaded(w, t, err)
	})
	mux.HandleFunc("POST /v1/namespaces/{ns}/tables/{table}", s.commitTable)
	mux.HandleFunc("DELETE /v1/namespaces/{ns}/tables/{table}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, nil, s.DropTable(r.Context(), identOf(r)))
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.down.Load():
			problem(w, http.StatusServiceUnavailable, "ServiceUnavailableException", "closed for today")
		case r.Header.Get("Authorization") != "Bearer "+restToken:
			problem(w, http.StatusUnauthorized, "NotAuthorizedException", "who is there?")
		default:
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return s, server.URL
}

func identOf(r *http.Request) []string {
	return append(strings.Split(r.PathValue("ns"), "\x1f"), r.PathValue("table"))
}

func (s *restServer) createNamespace(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Namespace  []string          `json:"namespace"`
		Properties map[string]string `json:"properties"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		problem(w, http.StatusBadRequest, "BadRequestException", err.Error())
		return
	}
	answer(w, q, s.CreateNamespace(r.Context(), q.Namespace, q.Properties))
}

func (s *restServer) checkNamespace(w http.ResponseWriter, r *http.Request) {
	ns := strings.Split(r.PathValue("ns"), "\x1f")
	there, err := s.CheckNamespaceExists(r.Context(), ns)
	if err == nil && !there {
		err = catalog.ErrNoSuchNamespace
	}
	answer(w, map[string]any{"namespace": ns, "properties": map[string]string{}}, err)
}

func (s *restServer) createTable(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Name       string            `json:"name"`
		Location   string            `json:"location"`
		Schema     *ice.Schema       `json:"schema"`
		Properties map[string]string `json:"properties"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		problem(w, http.StatusBadRequest, "BadRequestException", err.Error())
		return
	}
	ident := append(strings.Split(r.PathValue("ns"), "\x1f"), q.Name)
	t, err := s.CreateTable(r.Context(), ident, q.Schema, catalog.WithLocation(q.Location), catalog.WithProperties(q.Properties))
	loaded(w, t, err)
}

func (s *restServer) commitTable(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Requirements icetable.Requirements `json:"requirements"`
		Updates      icetable.Updates      `json:"updates"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		problem(w, http.StatusBadRequest, "BadRequestException", err.Error())
		return
	}
	if s.refuse.Add(-1) >= 0 {
		problem(w, http.StatusConflict, "CommitFailedException", "somebody was faster")
		return
	}
	meta, location, err := s.CommitTable(r.Context(), identOf(r), q.Requirements, q.Updates)
	if s.lose.Add(-1) >= 0 {
		problem(w, http.StatusInternalServerError, "InternalServerError", "the answer is lost")
		return
	}
	answer(w, map[string]any{"metadata-location": location, "metadata": meta}, err)
}

func loaded(w http.ResponseWriter, t *icetable.Table, err error) {
	if err != nil {
		answer(w, nil, err)
		return
	}
	answer(w, map[string]any{"metadata-location": t.MetadataLocation(), "metadata": t.Metadata(), "config": map[string]string{}}, nil)
}

func answer(w http.ResponseWriter, body any, err error) {
	switch {
	case errors.Is(err, catalog.ErrNoSuchTable), errors.Is(err, catalog.ErrNoSuchNamespace):
		problem(w, http.StatusNotFound, "NotFoundException", err.Error())
	case errors.Is(err, catalog.ErrTableAlreadyExists), errors.Is(err, catalog.ErrNamespaceAlreadyExists), errors.Is(err, icetable.ErrCommitFailed):
		problem(w, http.StatusConflict, "ConflictException", err.Error())
	case err != nil:
		problem(w, http.StatusInternalServerError, "InternalServerError", err.Error())
	case body == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(body) // whoever asked may be gone
	}
}

func problem(w http.ResponseWriter, code int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": message, "type": kind, "code": code}}) // whoever asked may be gone
}
