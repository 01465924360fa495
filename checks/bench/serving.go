package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/stream/decode"
)

const token = "bench-token"

// now is when all workspaces stand still, so that every contender gets the same rows.
var now = time.Date(2026, time.November, 2, 0, 0, 0, 0, time.UTC)

// serve is the role of the process that answers as the service, until its input ends.
func serve(args []string) error {
	o := sandbox.Options{Token: token, Growth: -1, Now: func() time.Time { return now }}
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.IntVar(&o.Contacts, "contacts", -1, "")
	f.IntVar(&o.Conversations, "conversations", -1, "")
	f.IntVar(&o.RateLimit, "rate", 1<<30, "")
	f.DurationVar(&o.Latency, "latency", 0, "")
	real := f.Bool("clock", false, "let the rate limit's clock run")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *real {
		o.Now = time.Now
	}
	server, err := sandbox.Start(context.Background(), o, "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(server.URL)
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// workspace is a served workspace.
type workspace struct{ url string }

// serve starts a workspace in a process of its own, which ends with the bench.
func (b *bench) serve(args ...string) (*workspace, func(), error) {
	cmd := exec.CommandContext(b.ctx, b.self, append([]string{"serve"}, args...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	stop := func() { in.Close(); _ = cmd.Wait() }
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return nil, nil, fmt.Errorf("the workspace does not start: %w", err)
	}
	return &workspace{strings.TrimSpace(line)}, stop, nil
}

// stats are what the workspace was asked so far.
func (w *workspace) stats() (s sandbox.Stats, err error) {
	resp, err := http.Get(w.url + "/_sandbox/stats")
	if err != nil {
		return s, err
	}
	defer resp.Body.Close()
	return s, json.NewDecoder(resp.Body).Decode(&s)
}

// page asks for one page of a search, and returns its elements and the token of the next.
func (w *workspace) page(path, list, after string) ([][]byte, string, error) {
	pagination := map[string]any{"per_page": 150}
	if after != "" {
		pagination["starting_after"] = after
	}
	body, err := json.Marshal(map[string]any{
		"query":      map[string]any{"field": "created_at", "operator": ">", "value": 0},
		"sort":       map[string]any{"field": "created_at", "order": "ascending"},
		"pagination": pagination,
	})
	if err != nil {
		return nil, "", err
	}
	req, err := http.NewRequest(http.MethodPost, w.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, "", err
	}
	page, elements, err := decode.Envelope(text, list)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", tail(string(text)), err)
	}
	var p struct {
		Next *struct {
			After string `json:"starting_after"`
		} `json:"next"`
	}
	if err := json.Unmarshal(page.Rest["pages"], &p); err != nil || p.Next == nil {
		return elements, "", err
	}
	return elements, p.Next.After, nil
}

// dump writes all objects of a search to a file, one on each line, and counts them.
func (w *workspace) dump(path, list, file string) (rows int, err error) {
	f, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	for after, first := "", true; first || after != ""; first = false {
		var elements [][]byte
		if elements, after, err = w.page(path, list, after); err != nil {
			return rows, err
		}
		for _, e := range elements {
			out.Write(e) // the buffer keeps its first error for Flush
			out.WriteByte('\n')
		}
		rows += len(elements)
	}
	if err := out.Flush(); err != nil {
		return rows, err
	}
	return rows, f.Close()
}

// child is this program in another role.
func (b *bench) child(args ...string) *exec.Cmd { return exec.CommandContext(b.ctx, b.self, args...) }
