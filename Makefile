.PHONY: run build test lint bench ci

run: ## open the terminal UI on the local engine, or on WorkOS when a key is set
	go run ./cmd/mfa-tui

build: ## ./mfa-tui, stripped
	go build -trimpath -ldflags='-s -w' -o mfa-tui ./cmd/mfa-tui

test:
	go test -race ./...

lint:
	@unformatted=$$(gofmt -l cmd tui workos store); \
	if [ -n "$$unformatted" ]; then echo "not gofmt'ed: $$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

bench:
	go test -run='^$$' -bench=. -benchmem ./...

ci: lint test build
