SYSTEMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: run build image test race lint fuzz cross tidy bench screenshots demo completions man third-party ci

run: ## open the terminal UI on the local engine, or on WorkOS when a key is set
	go run ./cmd/mfa-tui

build: ## ./mfa-tui, stripped
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o ./ ./cmd/mfa-tui

DOCKER = docker
image: ## a container image of serve, by docker or by another: make image DOCKER=podman
	CGO_ENABLED=0 GOOS=linux go build -trimpath -ldflags='-s -w' -o dist/image/linux/$$(go env GOARCH)/ ./cmd/mfa-tui
	BUILDAH_FORMAT=docker $(DOCKER) build --platform linux/$$(go env GOARCH) -t mfa-tui -f cmd/mfa-tui/Dockerfile dist/image

test: ## cached: tests of what did not change are not run again
	go test ./...

# GORACE: or each process that a test starts would end a second later.
race: export LONG_TESTS = 1
race: export GORACE = atexit_sleep_ms=0
race: ## all tests and the long ones, in another order each time; prints the coverage
	go test -race -shuffle=on ./...
	LONG_TESTS= go test -coverpkg=./... -coverprofile=coverage.out ./... # apart: both at once take three times as long
	go tool cover -func=coverage.out | tail -n 1

lint:
	@unformatted=$$(gofmt -l cmd tui workos store); \
	if [ -n "$$unformatted" ]; then echo "not gofmt'ed: $$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

FUZZTIME = 5s
fuzz: ## each fuzz target for 5 s, or for another time: make fuzz FUZZTIME=10m
	bash .ci/fuzz $(FUZZTIME)

cross: ## build for each system of a release, vet for each operating system
	@for system in $(SYSTEMS); do \
		echo "build for $$system"; \
		GOOS=$${system%/*} GOARCH=$${system#*/} CGO_ENABLED=0 go build ./... || exit 1; \
	done
	GOOS=darwin CGO_ENABLED=0 go vet ./...
	GOOS=windows CGO_ENABLED=0 go vet ./...
	GOOS=linux CGO_ENABLED=0 go vet ./...

tidy: ## fail if go mod tidy would change go.mod or go.sum
	go mod tidy -diff

bench: ## against the smallest list program, a bare HTTP client and a plain decoder
	go test -run='^$$' -bench='FirstFrame|Key|Idle' -benchtime=20x ./cmd/mfa-tui
	go test -run='^$$' -bench=. -benchmem ./store ./tui/... ./workos/...

screenshots: ## take the pictures of the documents again, from the real program
	LONG_TESTS=1 go test ./cmd/mfa-tui -run='TestPictures$$' -update

demo: ## film the first minute of README.md again, from the real program
	LONG_TESTS=1 go test ./cmd/mfa-tui -run='TestDemo$$' -update

completions: ## shell completions, into dist/completions
	@mkdir -p dist/completions
	go run ./cmd/mfa-tui completion bash >dist/completions/mfa-tui.bash
	go run ./cmd/mfa-tui completion zsh >dist/completions/_mfa-tui
	go run ./cmd/mfa-tui completion fish >dist/completions/mfa-tui.fish
	go run ./cmd/mfa-tui completion powershell >dist/completions/mfa-tui.ps1

man: ## man pages, into dist/man
	SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} go run ./cmd/mfa-tui man dist/man

third-party: ## the licences of all that is in a release, into dist/THIRD_PARTY
	@mkdir -p dist
	bash .ci/third-party $(SYSTEMS) >dist/THIRD_PARTY

ci: tidy lint race fuzz cross build completions man third-party
