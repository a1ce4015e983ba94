.PHONY: run build test lint bench screenshots ci

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

screenshots: ## take the pictures of the README anew, from the real program
	go run ./cmd/screenshots

ci: lint test build
