package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos/guard"
	"mfa-tui/workos/local"
	"mfa-tui/workos/webhook"
)

const (
	// As in the official emulator.
	defaultPort   = 4100
	defaultAPIKey = "sk_test_default"

	// The values of --mfa.
	mfaOptional = "optional"
	mfaRequired = "required"

	anyone = "any" // the value of --emulate-from

	checkTimeout  = 2 * time.Second
	flushEvery    = time.Second
	shutdownAfter = 10 * time.Second // for requests in progress
	webhooksAfter = time.Second      // for webhooks, when no request is in progress any more
)

// server is the flags of the local engine as an HTTP server.
type server struct {
	host        string
	allowed     []string // hosts
	emulateFrom []string // who may use /_emulate/: networks, addresses, or anyone
	port        int
	apiKey      string
	clientID    string
	mfa         string
	state, seed string // files
	rateLimit   int
	fixedCodes  []string // each a phone number or an e-mail address, =, and a code
	json        bool
	headless    bool // no console
	check       bool // ask the server that is running

	webhook, webhookSecret string
	madeSecret             string // the secret of webhooks, if the person gave none

	tls             bool
	tlsCert, tlsKey string // files
}

func (p *program) serveCommand() *cobra.Command {
	var s server
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the local engine: an offline WorkOS MFA API for tests",
		Long: `serve answers the WorkOS MFA API on this machine, for any WorkOS SDK with its base URL:
real TOTP secrets and codes, sign-in with MFA, an outbox that keeps text messages and
e-mails instead of sending them, and below /_emulate/ what a test needs: hooks, sms, mail, clock, reset.

In a terminal it opens a console: calls as they come, messages with their codes, factors
and users. With --headless, --json or --accessible, in the background (&) or without a
terminal it prints lines only.

The state is in memory. With --state it is saved every second while it changes, and
at the end; a kill loses the last second.`,
		Example: `  mfa-tui serve
  mfa-tui serve --port 0 --json
  mfa-tui serve --state state.json --seed seed.yaml
  mfa-tui serve --webhook http://127.0.0.1:3000/webhooks --log serve.log
  mfa-tui serve --tls --fixed-code +15005550006=123456
  mfa-tui serve --host 0.0.0.0 --emulate-from 172.16.0.0/12
  mfa-tui serve --check`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := onlyOwnFlags(cmd); err != nil {
				return err
			}
			if err := errors.Join(s.checkFlags(), s.checkWebhook(p.flags.insecureHTTP)); err != nil {
				return usageError{err}
			}
			if cmd.Flags().Changed("client-id") && s.clientID == "" {
				return usageError{errors.New("--client-id needs an ID; leave it out to accept any")}
			}
			if s.check {
				return s.ask(cmd.Context())
			}
			return p.serve(cmd.Context(), s)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&s.host, "host", "127.0.0.1", "`ADDRESS` to listen on; the default is for this machine only")
	fs.StringArrayVar(&s.allowed, "allowed-host", nil, "a `NAME` that requests may be sent to, beside localhost and addresses; repeat it for more")
	fs.StringSliceVar(&s.emulateFrom, "emulate-from", nil, "`NETWORKS` that may use /_emulate/ too, such as 172.16.0.0/12, with commas between them; any is everybody")
	fs.IntVar(&s.port, "port", defaultPort, "`PORT` to listen on; 0 picks a free one")
	fs.StringVar(&s.apiKey, "api-key", defaultAPIKey, "the only `KEY` to accept: make one up, do not use one of WorkOS's")
	fs.StringVar(&s.clientID, "client-id", "", "the only client `ID` that users sign in with; without it any is accepted")
	fs.StringVar(&s.mfa, "mfa", mfaOptional, "`WHEN` to ask for a second factor at sign-in: required, or optional for users with one only")
	fs.StringVar(&s.state, "state", "", "`FILE` to keep the state in; without it the state is in memory")
	fs.StringVar(&s.seed, "seed", "", "YAML or JSON `FILE` with users and factors to add at the start, unless the state has them")
	fs.IntVar(&s.rateLimit, "rate-limit", 0, "answer 429 after `N` requests a minute; 0 is no limit")
	fs.StringVar(&s.webhook, "webhook", "", "`URL` to POST each event to, signed; plain http is for this machine and --insecure-http")
	fs.StringVar(&s.webhookSecret, "webhook-secret", "", "`SECRET` that signs webhooks; without it one is made and printed")
	fs.StringArrayVar(&s.fixedCodes, "fixed-code", nil, "`TO=CODE` that a phone number or e-mail address always gets, as +15005550006=123456; repeatable")
	fs.BoolVar(&s.tls, "tls", false, "speak TLS, with a certificate made at the start; the file of its CA is printed")
	fs.StringVar(&s.tlsCert, "tls-cert", "", "speak TLS with the certificate in this PEM `FILE`")
	fs.StringVar(&s.tlsKey, "tls-key", "", "PEM `FILE` with the key of --tls-cert")
	fs.BoolVar(&s.headless, "headless", false, "print lines, do not open the console in a terminal")
	fs.BoolVar(&s.check, "check", false, "exit with status 0 if the server with the same --host, --port and --tls is healthy, else 1")
	fs.BoolVar(&s.json, "json", false, "when ready, print one line of JSON: url, port, apiKey, health, with --tls ca, and a webhookSecret that was made")
	return cmd
}

// foreignFlags are flags of every command that mean nothing to serve.
var foreignFlags = []string{"store", "base-url", "env-file", "local", "keep-secrets"}

// hideForeignFlags hides them in the help of serve. The flags are shared, so they are
// hidden in every command until they are shown again.
func hideForeignFlags(serve *cobra.Command, hidden bool) {
	for _, name := range foreignFlags {
		serve.InheritedFlags().Lookup(name).Hidden = hidden
	}
}

// onlyOwnFlags refuses the foreign ones.
func onlyOwnFlags(cmd *cobra.Command) error {
	for _, name := range foreignFlags {
		if cmd.Flags().Changed(name) {
			return usageError{fmt.Errorf("--%s is not for serve; see mfa-tui serve --help", name)}
		}
	}
	return nil
}

// serve answers until ctrl+c or SIGTERM; a second one ends it at once.
func (p *program) serve(ctx context.Context, s server) error {
	ctx, stop := signal.NotifyContext(ctx, endSignals()...)
	defer stop()
	screens := p.console(s)
	if screens != nil {
		defer screens.close()
	}
	opts, err := s.options()
	if err != nil {
		return usageError{err}
	}
	encryption, err := s.encryption() // a mistake in it is an error before anything is written
	if err != nil {
		return err
	}
	release, err := p.keepState(s, &opts)
	if err != nil {
		return err
	}
	defer release()
	logs, err := p.serverLog()
	if err != nil {
		return err
	}
	defer logs.Close()
	if s.webhook != "" {
		defer p.deliver(s, logs, &opts)()
	}
	if screens != nil {
		opts.OnHook = noteHook
	}
	engine := local.New(opts)
	// A file that can't be written is an error now, not after the first request.
	if err := engine.Flush(ctx); err != nil {
		return err
	}
	listener, err := s.listen(ctx)
	if err != nil {
		return err
	}
	if err := encryption.certify(s, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	defer encryption.close()
	at, err := s.started(listener.Addr(), encryption)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	handler := http.Handler(engine)
	if screens != nil {
		handler = screens.handler(engine, at.url, s.apiKey)
	}
	if logs != noLog {
		handler = logHandler(handler, logs)
	}
	ends := p.answer(engine, handler, encryption.listener(listener))
	p.tellSeed(s, engine, opts.Seed)
	s.warn(p, at, encryption)
	if screens != nil {
		err = screens.run(ctx, engine, s, at, ends.served)
	} else if err = s.announce(p, at); err == nil {
		select {
		case <-ctx.Done():
		case err = <-ends.served:
		}
	}
	stop() // from here on a signal ends the program
	err = errors.Join(err, ends.inOrder(p, s))
	if screens != nil && err == nil {
		p.say("the server has stopped; its state %s", map[bool]string{true: "was in memory", false: "is in " + s.state}[s.state == ""])
	}
	return err
}

// keepState lets the engine keep its state in a file, if there is one.
func (p *program) keepState(s server, opts *local.Options) (release func(), err error) {
	if s.state == "" {
		return func() {}, nil
	}
	state := store.NewFile(s.state)
	state.NamedBy("--state")
	state.OnWait(p.waits)
	opts.Storage, opts.Deferred = state, true
	return state.Claim() // two servers would lose each other's changes
}

// noLog is for a server without --log.
var noLog io.WriteCloser = nopCloser{io.Discard}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// serverLog opens the log, if there is one.
func (p *program) serverLog() (io.WriteCloser, error) {
	if p.flags.log == "" {
		return noLog, nil
	}
	f, err := openLog(p.flags.log)
	if err != nil {
		return nil, usageError{err}
	}
	return f, nil
}

// deliver sends the engine's events as webhooks until end is called, which says how many
// were left.
func (p *program) deliver(s server, logs io.Writer, opts *local.Options) (end func()) {
	sender := p.webhooks(s, logs)
	opts.OnEvent = func(e local.Event) { sender.Send(webhook.Event(e)) }
	return func() {
		if missed := sender.Close(webhooksAfter); missed > 0 {
			p.say("%s not delivered as webhooks", english.Plural(int(missed), "event was", "events were"))
		}
	}
}

// answering is a server that answers and keeps its state, until it is ended.
type answering struct {
	srv        *http.Server
	arriving   *arrivals
	engine     *local.Engine
	served     chan error // why it answers no more
	stopSaving func()
	saved      chan error
}

// answer begins to answer.
func (p *program) answer(engine *local.Engine, handler http.Handler, listener net.Listener) answering {
	srv, arriving := newServer(handler, engine.Refuses)
	srv.ErrorLog = log.New(p.errOut, "mfa-tui: ", 0)
	saving, stopSaving := context.WithCancel(context.Background())
	a := answering{srv, arriving, engine, make(chan error, 1), stopSaving, make(chan error, 1)}
	go func() { a.served <- srv.Serve(listener) }()
	go func() {
		ticker := time.NewTicker(flushEvery)
		defer ticker.Stop()
		a.saved <- flush(saving, engine, ticker.C, p.errOut)
	}()
	return a
}

// inOrder ends a server when what is under way is answered, and saves its state.
func (a answering) inOrder(p *program, s server) error {
	a.engine.EndWaits()
	err := p.shutDown(a.srv, a.arriving)
	if s.state != "" {
		p.say("saving the state to %s", s.state)
	}
	a.stopSaving()
	return errors.Join(err, <-a.saved)
}

// tellSeed says what of a seed was new, and what is wrong with the key.
func (p *program) tellSeed(s server, engine *local.Engine, seed *local.Seed) {
	if seed != nil {
		users, enrolled := engine.Seeded()
		rest := ""
		if users+enrolled < len(seed.Users)+len(seed.Factors) {
			rest = "; the state had the rest"
		}
		p.say("seed %s: added %s and %s%s", s.seed, partOf(users, len(seed.Users), "user"), partOf(enrolled, len(seed.Factors), "factor"), rest)
	}
	if strings.HasPrefix(s.apiKey, "sk_live_") {
		p.say("warning: --api-key looks like a live key of WorkOS, and this server prints it; make one up")
	}
}

// partOf says how many of a list were added.
func partOf(added, all int, noun string) string {
	if added == all {
		return english.Plural(all, noun, "")
	}
	return fmt.Sprintf("%d of %s", added, english.Plural(all, noun, ""))
}

// flush writes the engine's state at each tick, and a last time when ctx is done.
// It reports a failure once, and tries again at the next tick.
func flush(ctx context.Context, engine *local.Engine, ticks <-chan time.Time, errOut io.Writer) error {
	reported := ""
	for {
		select {
		case <-ctx.Done():
			return engine.Flush(context.WithoutCancel(ctx))
		case <-ticks:
			message := ""
			if err := engine.Flush(context.WithoutCancel(ctx)); err != nil {
				message = err.Error()
			}
			if message != reported && message != "" {
				fmt.Fprintln(errOut, "mfa-tui:", message)
			}
			reported = message
		}
	}
}

// shutDown waits for the requests that are being answered, up to shutdownAfter, and says
// so. Connections that have no request yet are closed.
func (p *program) shutDown(srv *http.Server, arriving *arrivals) error {
	srv.ErrorLog.SetOutput(io.Discard) // each TLS handshake that ends here would be a line
	if n := arriving.end(); n > 0 {
		p.say("waiting up to %s for %s to be answered; a second ctrl+c ends at once", shutdownAfter, english.Plural(n, "request", ""))
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownAfter)
	defer cancel()
	err := srv.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return srv.Close() // the rest is delayed by hooks
	}
	return err
}

func (s server) checkFlags() error {
	switch {
	case s.host == "":
		return errors.New("--host needs an address; 0.0.0.0 listens on all addresses of this machine")
	case s.port < 0 || s.port > 65535:
		return fmt.Errorf("--port %d: want 0 to 65535", s.port)
	case s.apiKey == "":
		return errors.New("--api-key needs a key; make one up")
	case s.mfa != mfaOptional && s.mfa != mfaRequired:
		return fmt.Errorf("--mfa %s: want %s or %s", s.mfa, mfaRequired, mfaOptional)
	case slices.ContainsFunc(s.allowed, func(name string) bool {
		return name == "" || strings.ContainsAny(name, "/:*@ ") && net.ParseIP(name) == nil
	}):
		return fmt.Errorf("--allowed-host %q: want names such as engine.test, without scheme and port", s.allowed)
	case s.tls && s.tlsCert+s.tlsKey != "":
		return errors.New("--tls makes a certificate; leave it out to use the one of --tls-cert")
	case (s.tlsCert == "") != (s.tlsKey == ""):
		return errors.New("--tls-cert and --tls-key go together")
	case s.rateLimit < 0:
		return fmt.Errorf("--rate-limit %d: want a number of requests a minute, or 0", s.rateLimit)
	}
	return nil
}

// options are what the flags and the seed say of the engine.
func (s server) options() (local.Options, error) {
	seed, err := readSeed(s.seed, local.ParseSeed)
	if err != nil {
		return local.Options{}, err
	}
	codes, err := s.codes()
	if err != nil {
		return local.Options{}, err
	}
	networks, err := s.networks()
	return local.Options{
		APIKey: s.apiKey, ClientID: s.clientID, MFARequired: s.mfa == mfaRequired, RateLimit: s.rateLimit,
		Seed: seed, FixedCodes: codes, Outbox: 1000,
		EmulateFrom:  networks,
		AllowedHosts: append(s.allowed, s.host), // what --host names is the person's own
	}, err
}

// codes are the fixed codes by phone number or e-mail address.
func (s server) codes() (map[string]string, error) {
	all := map[string]string{}
	for _, text := range s.fixedCodes {
		i := strings.LastIndex(text, "=")
		if i < 0 {
			return nil, fmt.Errorf("--fixed-code %s: want a phone number or an e-mail address and a code, such as +15005550006=123456", text)
		}
		to, code := text[:i], text[i+1:]
		if err := local.CheckFixedCode(to, code); err != nil {
			return nil, fmt.Errorf("--fixed-code %s: %w", text, err)
		}
		all[to] = code
	}
	return all, nil
}

// networks are those of --emulate-from. An address is a network of its own.
func (s server) networks() (all []netip.Prefix, err error) {
	if s.emulateFrom != nil && len(s.emulateFrom) == 0 {
		return nil, fmt.Errorf("--emulate-from needs networks, addresses, or %s", anyone)
	}
	for _, text := range s.emulateFrom {
		text = strings.TrimSpace(text)
		if text == anyone {
			all = append(all, netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if address, failed := netip.ParseAddr(text); failed == nil && address.Zone() == "" {
			network, err = address.Prefix(address.BitLen())
		}
		switch {
		case err != nil:
			return nil, fmt.Errorf("--emulate-from %s: want networks such as 10.0.0.0/8, addresses, or %s", text, anyone)
		case network != network.Masked(): // a mistake would open more than was thought
			return nil, fmt.Errorf("--emulate-from %s: that network is written %s, and its address alone %s", text, network.Masked(), network.Addr())
		case network.Addr().Is4In6():
			return nil, fmt.Errorf("--emulate-from %s: write it as IPv4", text)
		}
		all = append(all, network)
	}
	return all, nil
}

// wsaeAddrInUse is EADDRINUSE on Windows.
const wsaeAddrInUse = syscall.Errno(10048)

func (s server) listen(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", net.JoinHostPort(s.host, strconv.Itoa(s.port)))
	switch {
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, wsaeAddrInUse):
		by := "another program"
		if s.ask(ctx) == nil {
			by = "another mfa-tui serve"
		}
		return nil, fmt.Errorf("port %d of %s is in use by %s; choose another with --port, or 0 for any free one", s.port, s.host, by)
	case err != nil:
		return nil, fmt.Errorf("listen on %s, port %d: %w", s.host, s.port, err)
	}
	return l, nil
}

// started is where a server listens.
type started struct {
	url  string
	host string // in it
	port int
	open bool   // to other machines
	ca   string // the file of its CA, if it made one
}

func (s server) started(at net.Addr, e *encryption) (started, error) {
	tcp, ok := at.(*net.TCPAddr)
	if !ok {
		return started{}, fmt.Errorf("listening on %s, which is not a TCP address", at)
	}
	host, scheme := tcp.IP.String(), "http"
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	ca := ""
	if e != nil {
		scheme, ca = "https", e.caFile
	}
	url := scheme + "://" + net.JoinHostPort(host, strconv.Itoa(tcp.Port))
	return started{url, host, tcp.Port, !tcp.IP.IsLoopback(), ca}, nil
}

// facts are what a person should know of a server beside its URL.
func (w started) facts(s server) []factors.Fact {
	facts := []factors.Fact{{"State", cmp.Or(words.Clean(s.state), "in memory")}}
	for _, f := range []factors.Fact{
		{"MFA", map[bool]string{true: "required at sign-in"}[s.mfa == mfaRequired]},
		{"Client ID", words.Clean(s.clientID)}, {"CA to trust", w.ca}, {"Webhooks to", words.Clean(s.webhook)}, {"Webhook secret", s.madeSecret},
	} {
		if f[1] != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// warn says what may be dangerous or wrong about a server.
func (s server) warn(p *program, w started, e *encryption) {
	if w.open {
		fmt.Fprintln(p.errOut, "mfa-tui: warning: others on the network can reach this server and read its secrets and codes; leave --host out to serve this machine only")
	}
	// options has refused what can't be read.
	if networks, _ := s.networks(); slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Bits() == 0 }) {
		p.say("warning: --emulate-from %s lets everybody who reaches this server read its codes and make calls fail, without a key", strings.Join(s.emulateFrom, ","))
	}
	if e != nil && e.certificate.Leaf.VerifyHostname(w.host) != nil {
		p.say("warning: the certificate of --tls-cert is not for %s; give clients a URL with a name that it is for", w.host)
	}
}

// announce prints where the server listens, and the file of its CA if it made one.
func (s server) announce(p *program, w started) error {
	if s.json {
		return encodeJSON(p.out, struct {
			URL    string `json:"url"`
			Port   int    `json:"port"`
			APIKey string `json:"apiKey"`
			Health string `json:"health"`
			CA     string `json:"ca,omitempty"`
			Secret string `json:"webhookSecret,omitempty"`
		}{w.url, w.port, s.apiKey, w.url + "/health", w.ca, s.madeSecret}, "")
	}
	text := ""
	for _, f := range append([]factors.Fact{{"WorkOS MFA API", w.url}, {"API key", s.apiKey}}, w.facts(s)...) {
		text += fmt.Sprintf("%-16s%s\n", f[0], f[1])
	}
	stop := "Press ctrl+c to stop"
	if in, _, err := needTerminal(p.in, p.out); err == nil && !foreground(in) {
		stop = fmt.Sprintf("To stop it: kill %d", os.Getpid())
	}
	_, err := fmt.Fprintln(p.out, text+stop)
	return err
}

// readSeed reads a seed file, unless its name is empty.
func readSeed(path string, parse func([]byte) (*local.Seed, error)) (*local.Seed, error) {
	if path == "" {
		return nil, nil
	}
	data, err := readFile(path)
	if err == nil {
		data, err = store.DecodeText(data)
	}
	if err != nil {
		return nil, fmt.Errorf("seed %s: %w", path, err)
	}
	seed, err := guard.Parse(parse, data)
	switch {
	case errors.As(err, new(*local.SeedError)): // begins with the line
		return nil, fmt.Errorf("seed %s:%w", path, err)
	case err != nil:
		return nil, fmt.Errorf("seed %s: %w", path, err)
	}
	return seed, nil
}
