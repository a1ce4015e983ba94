package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui/qr"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/local"
)

// person drives the machine as someone at the keyboard does: presses keys,
// lets the commands run, reads the screen. Behind it are the real client, the
// real engine and a real factor file; the clock stands still until moved.
type person struct {
	t           testing.TB
	model       Model
	now         time.Time
	engine      *local.Engine
	wire        *wire
	calls       *inspect.Recorder
	store       *store.Store
	path        string
	environment string
	copied      []string
	keys        int // Idempotency-Keys so far
	pngs        map[string][]byte

	remembered []qr.Style
	viewed     []*bool // whether each picture that was opened is still there
	folder     string  // where pictures are saved
	notice     string  // at the start

	serving bool // the model is the console of a server

	ticks  []tick // that are not due yet
	quit   bool
	walked map[move]bool // each by one key or result
}

// wire is the connection to the engine, with faults on demand.
type wire struct {
	engine http.RoundTripper
	// fault answers in place of the engine, if it is set and returns something.
	fault func(*http.Request) (*http.Response, error)
	calls []string

	mu sync.Mutex // a call may be under way beside another
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.calls = append(w.calls, r.Method+" "+r.URL.Path)
	w.mu.Unlock()
	return w.answer(r)
}

func (w *wire) answer(r *http.Request) (*http.Response, error) {
	if w.fault != nil {
		if resp, err := w.fault(r); resp != nil || err != nil {
			return resp, err
		}
	}
	return w.engine.RoundTrip(r)
}

// answer is a fault that answers with a status and a body.
func answer(status int, contentType, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {contentType}, "X-Request-Id": {"req_test"}}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{
			StatusCode: status, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), Header: h,
			Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
		}, nil
	}
}

var start = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func newPerson(t testing.TB, width, height int) *person {
	t.Helper()
	p := &person{t: t, now: start, environment: store.Local, path: filepath.Join(t.TempDir(), "mfa-tui", "factors.json"),
		pngs: map[string][]byte{}, walked: map[move]bool{}}
	p.engine = local.New(local.Options{Now: func() time.Time { return p.now }, Rand: rand.NewChaCha8([32]byte{1})})
	p.wire = &wire{engine: p.engine}
	var read atomic.Int64 // so that all calls take as long
	p.calls = inspect.New(p.wire, "", func() time.Time { return start.Add(time.Duration(read.Add(1)-1) * 12 * time.Millisecond) })
	p.restart(width, height)
	return p
}

// restart quits and starts the program again, on the same file and engine.
func (p *person) restart(width, height int) {
	p.t.Helper()
	opts := p.options()
	s, err := p.openStore()
	if p.serving {
		s, err = store.NewMemory("serve"), nil
	}
	p.store = s
	if err != nil {
		opts.StoreErr = err
	} else {
		opts.Store = s
	}
	p.model, p.quit, p.ticks = New(opts), false, nil
	p.send(tea.WindowSizeMsg{Width: width, Height: height})
}

func (p *person) openStore() (*store.Store, error) {
	return store.Open(store.Options{Path: p.path, Environment: p.environment})
}

func (p *person) options() Options {
	client, err := workos.NewClient(workos.ClientOpts{APIKey: "sk_test_1", Transport: p.calls, RetryWait: time.Microsecond, Now: func() time.Time { return p.now }})
	if err != nil {
		p.t.Fatal(err)
	}
	opts := Options{
		Notice: p.notice,
		List: &factors.List{
			API: client, Mode: factors.Test, Now: func() time.Time { return p.now },
			NewKey: func() string { p.keys++; return fmt.Sprintf("key-%d", p.keys) },
		},
		OpenStore: func() (*store.Store, error) {
			s, err := p.openStore()
			if err != nil {
				return nil, err
			}
			p.store = s
			return s, nil
		},
		RestoreStore: func(ctx context.Context) (string, error) {
			return store.RestoreBackup(ctx, store.Options{Path: p.path, Environment: p.environment, Now: func() time.Time { return p.now }})
		},
		Copy: func(text string) (Copied, error) {
			p.copied = append(p.copied, text)
			return Copied{"copied to the test", func() bool {
				still := p.copied[len(p.copied)-1] == text
				if still {
					p.copied = append(p.copied, "")
				}
				return still
			}}, nil
		},
		Calls:      p.calls.Calls,
		RememberQR: func(s qr.Style) error { p.remembered = append(p.remembered, s); return nil },
		Desktop:    true,
		Glyphs:     qr.HalfBlocks,
		OpenPNG: func([]byte) (func() error, error) {
			there := true
			p.viewed = append(p.viewed, &there)
			return func() error { there = false; return nil }, nil
		},
		SavePNG: func(name string, png []byte, replace bool) (string, error) {
			if _, ok := p.pngs[name]; ok && !replace {
				return name, fs.ErrExist
			}
			p.pngs[name] = png
			return p.folder + name, nil
		},
		After: func(d time.Duration, f func(time.Time) tea.Msg) tea.Cmd {
			return func() tea.Msg {
				p.ticks = append(p.ticks, tick{p.now.Add(d), func() tea.Msg { return f(p.now) }})
				return nil
			}
		},
		Renderer: lipgloss.NewRenderer(io.Discard, termenv.WithProfile(termenv.Ascii)),
		Paint:    qr.Painted,
	}
	if p.environment == store.Local {
		opts.Mode, opts.Phone, opts.Lab = factors.Local, p.engine, p.engine
	}
	if p.serving {
		opts.NoSuspend = true
		opts.Serving = Serving{Server: p.engine, URL: "http://127.0.0.1:4100", Key: "sk_test_default", Since: start, InMemory: true, Facts: []factors.Fact{{"State", "in memory"}}}
	}
	return opts
}

// send gives a message to the machine and runs the commands that follow, one
// after the other, until none is left.
func (p *person) send(msg tea.Msg) {
	p.t.Helper()
	for queue := p.update(msg); len(queue) > 0; {
		cmd := queue[0]
		queue = queue[1:]
		queue = append(queue, p.run(cmd)...)
	}
}

// run runs a command and returns the ones that follow from it.
func (p *person) run(cmd tea.Cmd) []tea.Cmd {
	p.t.Helper()
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		return msg
	case tea.QuitMsg:
		p.quit = true
		return nil
	default:
		return p.update(msg)
	}
}

// update is one step of the machine. A change of the screen must be in the table.
func (p *person) update(msg tea.Msg) []tea.Cmd {
	p.t.Helper()
	from := screenName(p.model.screen)
	next, cmd := p.model.Update(msg)
	p.model = next.(Model)
	if to := screenName(p.model.screen); to != from {
		p.walk(move{from, cause(msg), to})
	}
	p.checkFrame()
	return []tea.Cmd{cmd}
}

// walk notes a move; it must be in the table, by its key or its result.
func (p *person) walk(m move) {
	p.t.Helper()
	p.walked[m] = true
	if m.by == "command" && slices.Contains(anywhere, m.to) {
		return
	}
	table := moves
	if p.serving {
		table = slices.Concat(consoleMoves, inConsole(moves))
	}
	if !slices.ContainsFunc(table, func(in move) bool {
		return in.from == m.from && in.to == m.to && (m.by == "click" || m.by == "command" || slices.Contains(in.causes(), m.by))
	}) {
		p.t.Errorf("the machine went from %s by %s to %s, which the table does not have", m.from, m.by, m.to)
	}
}

// causes are the keys and results of a move, one by one.
func (m move) causes() []string { return strings.Split(m.by, ", ") }

// cause is what a move is by: the name of a key, or of a message in words.
func cause(msg tea.Msg) string {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return msg.String()
	case tea.MouseMsg:
		return "click"
	}
	name := strings.TrimSuffix(reflect.TypeOf(msg).Name(), "Msg")
	return strings.ToLower(strings.TrimSpace(regexp.MustCompile("[A-Z]").ReplaceAllString(name, " $0")))
}

// checkFrame fails if what is drawn is not exactly as large as the terminal.
func (p *person) checkFrame() {
	p.t.Helper()
	w, h := p.model.session.width, p.model.session.height
	if w < MinWidth || h < MinHeight {
		return
	}
	view := p.model.View()
	if strings.Contains(view, hanging) {
		p.t.Errorf("%s: a line of a list is not at the left of its body: %q", screenName(p.model.screen), view)
	}
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		p.t.Errorf("%s: %d lines in a terminal of %d\n%s", screenName(p.model.screen), len(lines), h, p.screen())
	}
	for _, l := range lines {
		if lipgloss.Width(l) > w {
			p.t.Errorf("%s: a line of %d columns in a terminal of %d: %q", screenName(p.model.screen), lipgloss.Width(l), w, l)
		}
	}
}

// screenName is the name of a screen's type without its ending, as in the table.
func screenName(s screen) string {
	return strings.TrimSuffix(reflect.TypeOf(within(s)).Name(), "Screen")
}

// within is the screen that a person sees, where it was entered from a user's
// factors too.
func within(s screen) screen {
	if u, ok := s.(forUserScreen); ok {
		return u.screen
	}
	return s
}

// keyTypes are all keys that have a name.
var keyTypes = func() map[string]tea.KeyType {
	named := map[string]tea.KeyType{}
	for t := tea.KeyF20; t <= tea.KeyBackspace; t++ {
		named[t.String()] = t
	}
	return named
}()

// keyPress is a key by its name, or a character.
func keyPress(name string) tea.KeyMsg {
	switch t, ok := keyTypes[name]; {
	case name == " ":
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	case ok:
		return tea.KeyMsg{Type: t}
	case utf8.RuneCountInString(name) != 1:
		panic("no key has the name " + name)
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// press presses keys, given by name, one after the other.
func (p *person) press(names ...string) *person {
	p.t.Helper()
	for _, n := range names {
		p.send(keyPress(n))
	}
	return p
}

// types types a text, character by character.
func (p *person) types(text string) *person {
	p.t.Helper()
	for _, r := range text {
		p.send(keyPress(string(r)))
	}
	return p
}

// pastes pastes a text, as a terminal with bracketed paste reports it.
func (p *person) pastes(text string) *person {
	p.t.Helper()
	p.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
	return p
}

// resizes gives the terminal another size.
func (p *person) resizes(width, height int) *person {
	p.t.Helper()
	p.send(tea.WindowSizeMsg{Width: width, Height: height})
	return p
}

// tick is a message that comes later.
type tick struct {
	due time.Time
	msg func() tea.Msg
}

// waits lets time pass; the clocks on the screen tick once.
func (p *person) waits(d time.Duration) *person {
	p.t.Helper()
	p.now = p.now.Add(d)
	all := p.ticks
	p.ticks = nil
	for _, t := range all {
		if t.due.After(p.now) {
			p.ticks = append(p.ticks, t)
		} else {
			p.send(t.msg())
		}
	}
	return p
}

// screen is what the terminal shows, without colours.
func (p *person) screen() string { return ansi.Strip(p.model.View()) }

// column is what the terminal shows beside a picture.
func (p *person) column() string {
	w := p.model.session.width
	if p.model.session.tooSmall() {
		return ""
	}
	from := p.model.frame().notice.Min.X
	rows := strings.Split(p.screen(), "\n")
	for i, row := range rows {
		rows[i] = ansi.Cut(row, from, w)
	}
	return strings.Join(rows, "\n")
}

// sees fails unless the terminal shows all the texts.
func (p *person) sees(texts ...string) *person {
	p.t.Helper()
	// A long text is broken into lines, also beside a picture; the words count.
	shown := strings.Join(strings.Fields(p.screen()), " ") + "\n" + strings.Join(strings.Fields(p.column()), " ")
	for _, text := range texts {
		if !strings.Contains(shown, strings.Join(strings.Fields(text), " ")) {
			p.t.Errorf("%q is not on the screen:\n%s", text, p.screen())
		}
	}
	return p
}

// seesNo fails if the terminal shows any of the texts.
func (p *person) seesNo(texts ...string) *person {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.screen(), text) {
			p.t.Errorf("%q is on the screen:\n%s", text, p.screen())
		}
	}
	return p
}

// at fails unless the named screen is open.
func (p *person) at(name string) *person {
	p.t.Helper()
	if got := screenName(p.model.screen); got != name {
		p.t.Fatalf("the screen is %s, want %s:\n%s", got, name, p.screen())
	}
	return p
}

// enrollTOTP enrolls a TOTP factor from the list, up to its QR code.
func (p *person) enrollTOTP(issuer, user string) *person {
	p.t.Helper()
	return p.at("factors").press("n", "enter").types(issuer).press("tab").types(user).press("enter").at("qr")
}

// enrollSMS enrolls an SMS factor from the list and returns to the list.
func (p *person) enrollSMS(number string) *person {
	p.t.Helper()
	return p.at("factors").press("n", "down", "enter").types(number).press("enter").at("message").press("esc").at("factor").press("esc")
}

// enrollOTP enrolls a generic factor from the list and returns to the list. Its first
// challenge is left open.
func (p *person) enrollOTP() *person {
	p.t.Helper()
	return p.at("factors").press("n", "down", "down", "enter", "enter").at("code").press("esc").at("factor").press("esc")
}

// hasHistory gives the newest factor so many challenges, each ended in its own way.
func (p *person) hasHistory(challenges int) *person {
	p.t.Helper()
	r := p.newest()
	ends := []store.Outcome{store.OutcomeWrongCode, store.OutcomeVerified, store.OutcomeAlreadyVerified, store.OutcomeTooManyAttempts, store.OutcomeExpired, store.OutcomeOpen}
	for i := range challenges {
		at := r.CreatedAt.Add(time.Duration(i) * time.Minute)
		if ends[i%len(ends)] == store.OutcomeVerified {
			r.VerifiedAt = workos.At(at)
		}
		r.History = append(r.History, store.Attempt{ChallengeID: fmt.Sprintf("auth_challenge_%02d", i), At: workos.At(at), Outcome: ends[i%len(ends)]})
	}
	p.now = p.now.Add(time.Duration(challenges) * time.Minute)
	data, err := json.Marshal([]store.Record{r})
	if err != nil {
		p.t.Fatal(err)
	}
	p.inAnotherWindow(func(t testing.TB, other *store.Store) {
		if _, err := other.Import(t.Context(), data, nil); err != nil {
			t.Fatal(err)
		}
	})
	p.send(minuteMsg{})
	return p
}

// inAnotherWindow changes the factor file as another window does.
func (p *person) inAnotherWindow(change func(testing.TB, *store.Store)) {
	p.t.Helper()
	other, err := p.openStore()
	if err != nil {
		p.t.Fatal(err)
	}
	change(p.t, other)
}

// hasOthers puts factors of two other environments into the factor file.
func (p *person) hasOthers() *person {
	p.t.Helper()
	for environment, count := range map[string]int{"client_01KF0RK7901MVCGJBDQ04PN1E2": 3, "key-487115b649f8@127.0.0.1:4100": 1} {
		s, err := store.Open(store.Options{Path: p.path, Environment: environment})
		for i := 0; i < count && err == nil; i++ {
			f := workos.Factor{ID: fmt.Sprintf("auth_factor_01KF0RK79000000000000000%02d", i), Type: workos.GenericOTP, CreatedAt: workos.At(p.now), UpdatedAt: workos.At(p.now)}
			_, err = s.Put(p.t.Context(), store.Record{Factor: f})
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	p.send(minuteMsg{})
	return p
}

// onServer starts the program again with a test key.
func (p *person) onServer() *person {
	p.environment = "client_2"
	p.restart(p.model.session.width, p.model.session.height)
	return p
}

// newest is the record that was enrolled last.
func (p *person) newest() store.Record {
	p.t.Helper()
	records := p.store.Records()
	if len(records) == 0 {
		p.t.Fatal("no records")
	}
	return records[0]
}

// appCode is the code that an authenticator app shows now for a factor.
func (p *person) appCode(id string) string {
	p.t.Helper()
	code, _, _, err := p.engine.AuthenticatorCode(context.Background(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// smsCode is the code in the newest message to a number.
func (p *person) smsCode(number string) string {
	p.t.Helper()
	all, err := p.engine.Messages(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, m := range all {
		if m.To == number {
			return m.Code
		}
	}
	return ""
}

func digits(s string) string {
	return string(bytes.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, []byte(s)))
}

// wrong is a code of six digits that is not the given one.
func wrong(code string) string {
	last := byte('0' + (code[5]-'0'+1)%10)
	return code[:5] + string(last)
}
