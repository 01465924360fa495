SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

.PHONY: build
build: ## build the binary here
	go build -trimpath -o inlay .

.PHONY: test
test: ## the test command of the README
	go test ./...

.PHONY: lint
lint: ## formatting, vet, staticcheck, known vulnerabilities
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these'; exit 1; }
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...
	@if ! command -v govulncheck >/dev/null; then \
	  echo 'SKIPPED: govulncheck is not installed, so nobody asked for known vulnerabilities'; \
	elif ! out=$$(govulncheck ./... 2>&1); then \
	  if grep -qE 'fetching vulnerabilities|dial tcp|no such host' <<<"$$out"; then \
	    echo 'SKIPPED: the database of known vulnerabilities cannot be reached'; \
	  else echo "$$out"; exit 1; fi; \
	fi

.PHONY: race
race: ## the tests again under the race detector, short; not those that test another process
	go test -race -short $$(go list ./... | grep -vE '/(checks|docs|examples)')

.PHONY: fuzz
fuzz: ## every fuzz target for a few seconds (FUZZTIME=3s)
	@for file in $$(grep -lE '^func Fuzz' -r --include='*_test.go' . | sort); do \
	  for name in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/p' $$file); do \
	    go test -run '^$$' -fuzz "^$$name$$" -fuzztime $${FUZZTIME:-3s} ./$$(dirname $$file) || exit 1; \
	  done; \
	done

.PHONY: duckdb
duckdb: ## install DuckDB, which tests use as an independent reader (needs Node)
	cd checks/duckdb && npm install --no-progress  # one exact version; a lock would name one platform only

.PHONY: browser
browser: ## install what the test of the page in a real browser needs (needs Node)
	cd checks/browser && npm ci --no-progress

.PHONY: bench
bench: ## ratios beside DuckDB and the naive way (BENCH='-contacts 300000 -only contacts')
	go run ./checks/bench $(BENCH)

.PHONY: licences
licences: ## the modules in the program and the licence of each
	@go run -C tools ./licences

.PHONY: reproducible
reproducible: ## two builds in different folders give the same bytes
	@one=$$(mktemp -d) two=$$(mktemp -d); trap 'rm -rf "$$one" "$$two"' EXIT; \
	git archive HEAD | tar -x -C "$$one"; git archive HEAD | tar -x -C "$$two"; \
	(cd "$$one" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -o inlay .); \
	(cd "$$two" && CGO_ENABLED=0 go build -a -trimpath -buildvcs=false -o inlay .); \
	cmp "$$one/inlay" "$$two/inlay" && echo "both builds are $$(sha256sum < "$$one/inlay" | cut -c1-16)…"

.PHONY: check
check: lint test race fuzz ## everything CI runs

.PHONY: release
release: ## archives for Linux and macOS with checksums, in dist/
	tools/release
