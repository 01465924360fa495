SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

.PHONY: build
build: ## build the binary here
	go build -trimpath -o inlay .

.PHONY: test
test: ## the test command of the README
	go test -timeout 30m ./...

.PHONY: lint
lint: ## formatting, vet, staticcheck, the release's tools, known vulnerabilities
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these'; exit 1; }
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...
	go vet -C tools ./... && go test -C tools ./...
	@if out=$$(go tool -modfile=tools/go.mod govulncheck ./... 2>&1); then echo "$$out" | tail -1; \
	elif grep -q 'fetching vulnerabilities' <<<"$$out"; then \
	  echo 'SKIPPED: the database of known vulnerabilities cannot be reached, so nobody was asked for them'; \
	else echo "$$out"; exit 1; fi

.PHONY: race
race: ## the tests again under the race detector, short; not those that test another process
	go test -race -short -timeout 30m $$(go list ./... | grep -vE '/(checks|docs|examples)')

.PHONY: icebird
icebird: ## install icebird, an independent reader of Iceberg tables (needs Node)
	cd targets/iceberg/icebird && npm install --no-progress --no-package-lock

.PHONY: iceberg
iceberg: ## inlay-iceberg, a module of its own: vet, staticcheck, and tests with two readers besides, which take minutes to compile
	cd targets/iceberg && go vet ./... && go tool -modfile=../../tools/go.mod staticcheck -tests=false ./...
	cd targets/iceberg && go test -timeout 20m ./...

.PHONY: temporal
temporal: ## inlay-temporal, a module of its own: vet, staticcheck, and tests with a real server of Temporal, which take minutes to compile
	cd engines/temporal && go vet ./... && go tool -modfile=../../tools/go.mod staticcheck -tests=false ./...
	cd engines/temporal && go test -timeout 20m ./...

.PHONY: fuzz
fuzz: ## every fuzz target for a few seconds (FUZZTIME=3s)
	@# A fuzzer whose time ends in the middle of an input may fail with nothing but "context deadline exceeded"; it is run again.
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	for file in $$(grep -lE '^func Fuzz' -r --include='*_test.go' . | sort); do \
	  for name in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/p' $$file); do \
	    for try in 1 2 3 4 5; do \
	      go test -run '^$$' -fuzz "^$$name$$" -fuzztime $${FUZZTIME:-3s} ./$$(dirname $$file) 2>&1 | tee "$$log" && break; \
	      [ $$try -lt 5 ] && grep -qx '    context deadline exceeded' "$$log" && ! grep -qE 'Failing input|panic' "$$log" || exit 1; \
	    done; \
	  done; \
	done

.PHONY: duckdb
duckdb: ## install DuckDB, which tests use as an independent reader (needs Node)
	cd checks/duckdb && npm install --no-progress  # one exact version; a lock would name one platform only

.PHONY: polars
polars: ## install Polars, the second independent reader (needs Node)
	cd checks/polars && npm install --no-progress --no-package-lock

.PHONY: browser
browser: ## install what the test of the page in a real browser needs (needs Node)
	cd checks/browser && npm ci --no-progress

.PHONY: s3server
s3server: ## build the S3 server that checks run against, about two minutes
	cd tools/s3server && go build -o versitygw github.com/versity/versitygw/cmd/versitygw

.PHONY: bench
bench: ## ratios beside DuckDB and the naive way (BENCH='-contacts 300000 -only contacts')
	go run ./checks/bench $(BENCH)

.PHONY: licences
licences: ## the modules in the program and the licence of each
	@go run -C tools ./licences

.PHONY: bom
bom: ## what the program is made of, as CycloneDX (VERSION=v1.2.3)
	@go run -C tools ./bom "$${VERSION:-$$(git describe --tags --always --dirty)}" "$$(git log -1 --format=%cI)"

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
release: ## archives for Linux and macOS, bill of materials and checksums, in dist/
	tools/release
