package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/watch"
)

// Server is a local engine that listens, for the console. Its methods answer from
// memory, so that a screen may ask it while it handles a message.
type Server interface {
	// Changes counts up with every change of what the other methods tell.
	Changes() uint64
	Counts(context.Context) (watch.Counts, error)
	// All are newest first.
	SeenMessages(context.Context) ([]watch.Message, error)
	SeenFactors(ctx context.Context, challenges int) ([]watch.Factor, error)
	SeenUsers(context.Context) ([]watch.User, error)
	// AuthenticatorCode returns the code that an authenticator app shows now for a TOTP
	// factor, the next one, and when it shows that.
	AuthenticatorCode(ctx context.Context, factorID string) (code, next string, until time.Time, err error)
}

// Serving is what does not change while a server runs.
type Serving struct {
	Server
	URL   string
	Key   string // of clients; masked where it is shown
	Since time.Time
	// InMemory is set if what the server has is gone when it stops.
	InMemory bool
	Facts    []factors.Fact // what else to know about it, such as where its state is
}

// ServerChangedMsg tells the console that a call began or ended at the server. Send it
// ten times a second at most.
type ServerChangedMsg struct{}

// ServerNoteMsg shows a line that the server would have printed.
type ServerNoteMsg struct{ Text string }

// serverTickMsg is a second of the console's clocks.
type serverTickMsg struct{}

// live is what the console knows of the server, as it was read last. Only Update writes
// it.
type live struct {
	recorded func() []inspect.Call

	began    uint64 // the changes of the server at the start
	changes  uint64 // of the server, when it was read; 0 to read it again
	counts   watch.Counts
	armed    []string       // in the lab
	offset   time.Duration  // of the lab's clock
	calls    []inspect.Call // newest first
	messages []watch.Message
	records  []store.Record // of the factors' list
	users    []watch.User
	factors  map[string]watch.Factor // by ID, as copied with the records
	codes    map[string]shownCode    // of the authenticators on the page, by factor
	mirrored uint64                  // the changes that the store in memory and the users have
	late     bool                    // they wait for those that came since
	at       time.Time               // when they got them; zero to get the next ones at once
	told     uint64                  // the changes that the screen below the console has
	seen     uint64                  // the number of the newest message that the person may have seen
	onPhone  string                  // the challenge whose message the test phone showed last
	traffic  []traffic               // oldest first
	ticking  bool
	home     consoleScreen // as it was shown last
}

// shownCode is what an authenticator app shows until then.
type shownCode struct {
	code  string
	until time.Time
}

// traffic is how many calls there had been at a time.
type traffic struct {
	at    time.Time
	calls int
}

// trafficOver is the time that the calls a second are an average of.
const trafficOver = 5 * time.Second

// serves reports whether this is the console of a server.
func (s *session) serves() bool { return s.Serving.Server != nil }

// serverTime is the time without what the lab adds.
func (s *session) serverTime() time.Time { return s.Now().Add(-s.live.offset) }

// readServer takes over what has changed at the server, but for what takes long to copy.
func (s *session) readServer() {
	l, ctx := s.live, context.Background()
	l.calls = l.recorded()
	l.note(s.serverTime())
	if changes := s.Serving.Changes(); changes != l.changes {
		l.changes = changes
		l.counts, _ = s.Serving.Counts(ctx) // no storage is asked, so nothing can fail
		l.messages, _ = s.Serving.SeenMessages(ctx)
		l.saw()
	}
}

// readLab takes over what the lab has arranged, and reports whether it has moved the clock.
func (s *session) readLab() (moved bool) {
	l, offset := s.live, s.Lab.ClockOffset()
	moved, l.offset, l.armed = offset != l.offset, offset, s.Lab.Armed()
	return moved
}

// outdate lets all be read again: time changes things at a server that changes nothing.
func (l *live) outdate() {
	l.changes, l.mirrored, l.told, l.at, l.codes = 0, 0, 0, time.Time{}, nil
}

// readCodes reads what authenticator apps show for factors.
func (s *session) readCodes(page []store.Record) {
	codes := make(map[string]shownCode, len(page))
	for _, r := range page {
		if r.Type == workos.TOTP {
			codes[r.ID] = s.authenticator(r.ID)
		}
	}
	s.live.codes = codes
}

// note notes how many calls there have been, and forgets what is long ago.
func (l *live) note(now time.Time) {
	calls := 0
	if len(l.calls) > 0 {
		calls = l.calls[0].N
	}
	l.traffic = append(l.traffic, traffic{now, calls})
	for len(l.traffic) > 1 && now.Sub(l.traffic[1].at) >= trafficOver {
		l.traffic = l.traffic[1:]
	}
}

// rate is how many calls came a second, lately.
func (l *live) rate() float64 {
	if len(l.traffic) < 2 {
		return 0
	}
	first, last := l.traffic[0], l.traffic[len(l.traffic)-1]
	return float64(last.calls-first.calls) / trafficOver.Seconds()
}

// mirrorEvery is how often factors and users are copied, at most: a busy server has many.
const mirrorEvery = time.Second

// mirror brings the server's users, and its factors into the store in memory, from which
// the screens take them. It waits while a call is under way: that notes its result there
// itself.
func (s *session) mirror() {
	l, ctx, now := s.live, context.Background(), s.serverTime()
	if s.busy() || l.mirrored == l.changes {
		return
	}
	if l.late = now.Sub(l.at) < mirrorEvery; l.late {
		return
	}
	l.mirrored, l.at = l.changes, now
	all, _ := s.Serving.SeenFactors(ctx, store.HistoryLimit)
	records := make([]store.Record, len(all))
	l.factors = make(map[string]watch.Factor, len(all))
	for i, f := range all {
		records[i], l.factors[f.ID] = recordOf(f), f
	}
	s.Store.Replace(records)
	l.users, _ = s.Serving.SeenUsers(ctx)
	s.users = s.users[:0]
	for _, u := range l.users[:min(len(l.users), mostUsers)] {
		s.users = append(s.users, u.User)
	}
}

// recordOf is a factor of the server as the store has it.
func recordOf(f watch.Factor) store.Record {
	r := store.Record{Factor: f.Factor, VerifiedAt: workos.At(f.VerifiedAt), History: make([]store.Attempt, 0, len(f.Challenges))}
	for _, c := range f.Challenges {
		r.History = append(r.History, store.Attempt{ChallengeID: c.ID, At: workos.At(c.CreatedAt), Outcome: outcomes[c.Verdict], WrongCodes: c.Wrong})
	}
	return r
}

// outcomes are the results of challenges by what became of them at the server.
var outcomes = map[watch.Verdict]store.Outcome{
	watch.Open: store.OutcomeOpen, watch.Used: store.OutcomeVerified, watch.WrongCodes: store.OutcomeWrongCode,
	watch.TooMany: store.OutcomeTooManyAttempts, watch.Expired: store.OutcomeExpired,
}

// unseen is how many messages came since the person last looked at them.
func (l *live) unseen() int {
	i := slices.IndexFunc(l.messages, func(m watch.Message) bool { return m.N <= l.seen })
	if i < 0 {
		return len(l.messages)
	}
	return i
}

// saw notes that the only new message is one that the person saw on the test phone.
func (l *live) saw() {
	if l.unseen() == 1 && l.messages[0].ChallengeID == l.onPhone {
		l.seen = l.messages[0].N
	}
}

// serverChanged shows what is new at the server.
func (m Model) serverChanged() (tea.Model, tea.Cmd) {
	if strings.HasPrefix(m.notice.text, armedSign) && len(m.session.Lab.Armed()) == 0 { // a client has met it
		m.notice = notice{}
	}
	m.session.readServer()
	return m.forward(ServerChangedMsg{})
}

// caughtUp is the model after a message, with what that changed at the server. A screen
// below the console is told of its factors, but not while something lies over it, which
// would lose its cursor. It keeps a clock running where one is seen.
func (m Model) caughtUp(cmd tea.Cmd) (tea.Model, tea.Cmd) {
	s, l := m.session, m.session.live
	catch := func(next tea.Model, more tea.Cmd) { m, cmd = next.(Model), tea.Batch(cmd, more) }
	if s.readLab() {
		l.outdate()
		catch(m.serverChanged())
	}
	if _, home := m.screen.(consoleScreen); !home && m.over == nil {
		if s.mirror(); l.told != l.mirrored && !s.busy() {
			l.told = l.mirrored
			catch(m.forward(recordsChangedMsg{}))
		}
	}
	clock, ok := aspect[ticking](m.screen)
	if l.ticking || !l.late && !(ok && clock.moves()) {
		return m, cmd
	}
	l.ticking = true
	return m, tea.Batch(cmd, s.After(time.Second, func(time.Time) tea.Msg { return serverTickMsg{} }))
}

// stop stops the server, and asks before if that would lose something. What lies over the
// screen is there again on no.
func (m Model) stop() (tea.Model, tea.Cmd) {
	s := m.session
	if !s.serves() || !s.Serving.InMemory || s.Serving.Changes() == s.live.began {
		return m, tea.Quit
	}
	m.over = confirmScreen{
		session: s, Question: factors.Question{Text: "Stop the server?", Warning: "Its factors, users and messages are in memory only, and will be lost."},
		trail: trail{"Stop"}, verb: "Stop", command: func() tea.Cmd { return tea.Quit }, back: show(m.over), done: show(m.over),
	}
	return m, nil
}

// ticking is a screen on which a clock may run.
type ticking interface{ moves() bool }

// atHome is the console in place of the list of all factors, which it has a tab for, and
// with what is new in it.
func (m Model) atHome(next screen) screen {
	if list, ok := next.(factorsScreen); ok {
		chosen, _ := list.chosen()
		home := m.session.live.home
		home.tab = factorsTab
		home.lists[factorsTab].chosen = chosen.ID
		next = home
	}
	if home, ok := next.(consoleScreen); ok {
		home = home.settled()
		m.session.live.home = home
		next = home
	}
	return next
}

// consoleCommands lead to the lists of the console from the screens below it.
func (m Model) consoleCommands(lead func(navigate) doing) (all commands) {
	home := m.session.live.home
	if _, there := m.screen.(consoleScreen); there {
		return nil // it has keys for them
	}
	for i, k := range keyLists {
		c := m.newCommand(k, lead(home.open(consoleTab(i))))
		c.key = ""
		all = append(all, c)
	}
	return all
}

// maskedKey is enough of a key to know it by, also of the default one: nothing of a shorter one.
func maskedKey(key string) string {
	const shown, short = 3, 7
	rest := strings.TrimPrefix(key, "sk_test_")
	begin := key[:len(key)-len(rest)]
	if len(rest) >= short {
		begin += rest[:shown]
	}
	return begin + "…"
}

// heading is the server in the header, as much as fits into w columns: where it is, the
// key to use, how long it is up and how busy.
func (s consoleScreen) heading(w int) string {
	serving, st := s.session.Serving, s.session.styles
	up := s.session.serverTime().Sub(serving.Since)
	url, rest := ansi.Truncate(words.Clean(serving.URL), w, "…"), ""
	for _, part := range []string{maskedKey(words.Clean(serving.Key)), "up " + upFor(up), fmt.Sprintf("%.1f calls/s", s.session.live.rate())} {
		if longer := rest + " · " + part; lipgloss.Width(url+longer) <= w {
			rest = longer
		}
	}
	return st.title.Render(url) + st.dim.Render(rest)
}

// upFor is how long a server is up.
func upFor(d time.Duration) string {
	minutes := max(0, int(d.Minutes()))
	if minutes < 60 {
		return fmt.Sprintf("%d min", minutes)
	}
	return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
}
