.PHONY: run build test lint bench screenshots completions man ci

run: ## open the terminal UI on the local engine, or on WorkOS when a key is set
	go run ./cmd/mfa-tui

build: ## ./mfa-tui, stripped
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o mfa-tui ./cmd/mfa-tui

test:
	go test -race ./...

lint:
	@unformatted=$$(gofmt -l cmd tui workos store); \
	if [ -n "$$unformatted" ]; then echo "not gofmt'ed: $$unformatted"; exit 1; fi
	go vet ./...
	go vet -tags docs ./cmd/mfa-tui
	go tool staticcheck ./...

bench:
	go test -run='^$$' -bench=. -benchmem ./...

screenshots: ## take the pictures of the README anew, from the real program
	go run ./cmd/screenshots

completions: ## shell completions, into dist/completions
	@mkdir -p dist/completions
	go run ./cmd/mfa-tui completion bash >dist/completions/mfa-tui.bash
	go run ./cmd/mfa-tui completion zsh >dist/completions/_mfa-tui
	go run ./cmd/mfa-tui completion fish >dist/completions/mfa-tui.fish
	go run ./cmd/mfa-tui completion powershell >dist/completions/mfa-tui.ps1

man: ## man pages, into dist/man
	go run -tags docs ./cmd/mfa-tui man dist/man

ci: lint test build completions man
