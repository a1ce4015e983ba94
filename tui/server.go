package tui

import (
	"context"
	"fmt"
	"slices"
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
	SeenFactors(context.Context) ([]watch.Factor, error)
	SeenUsers(context.Context) ([]watch.User, error)
	// AuthenticatorCode returns the code that an authenticator app shows now for a TOTP
	// factor, the next one, and when it shows that.
	AuthenticatorCode(ctx context.Context, factorID string) (code, next string, until time.Time, err error)
}

// Serving is what does not change while a server runs.
type Serving struct {
	Server
	URL   string
	Key   string // masked
	Since time.Time
	Facts []factors.Fact // what else to know about it, such as where its state is
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

	changes  uint64 // of the server, when it was read
	read     bool   // it was
	counts   watch.Counts
	calls    []inspect.Call // newest first
	messages []watch.Message
	records  []store.Record // of the factors' list
	users    []watch.User
	mirrored uint64    // the changes that the store in memory has
	listed   uint64    // the changes that the users have
	seen     uint64    // the number of the newest message that the person may have seen
	traffic  []traffic // oldest first
	ticking  bool
	home     consoleScreen // as it was shown last
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

// readServer takes over what has changed at the server, and reports whether factors may
// have: they are copied only where somebody looks at them.
func (s *session) readServer() (factorsChanged bool) {
	l, ctx := s.live, context.Background()
	l.calls = l.recorded()
	l.note(s.Now().Add(-s.Lab.ClockOffset()))
	changes := s.Serving.Changes()
	if l.read && changes == l.changes {
		return false
	}
	l.read, l.changes = true, changes
	l.counts, _ = s.Serving.Counts(ctx) // no storage is asked, so nothing can fail
	l.messages, _ = s.Serving.SeenMessages(ctx)
	return true
}

// readUsers copies the users, if they may have changed.
func (s *session) readUsers() {
	if l := s.live; l.listed != l.changes {
		l.listed = l.changes
		l.users, _ = s.Serving.SeenUsers(context.Background())
		s.users = s.users[:0]
		for _, u := range l.users[:min(len(l.users), mostUsers)] {
			s.users = append(s.users, u.User)
		}
	}
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
	return float64(last.calls-first.calls) / max(1, last.at.Sub(first.at).Seconds())
}

// mirror brings the server's factors into the store in memory, from which the screens
// take them. It waits while a call is under way: that notes its result there itself.
func (s *session) mirror() {
	if s.busy() || s.live.mirrored == s.live.changes {
		return
	}
	s.live.mirrored = s.live.changes
	all, _ := s.Serving.SeenFactors(context.Background())
	records := make([]store.Record, len(all))
	for i, f := range all {
		records[i] = recordOf(f)
	}
	s.Store.Replace(records)
}

// recordOf is a factor of the server as the store has it.
func recordOf(f watch.Factor) store.Record {
	r := store.Record{Factor: f.Factor}
	for _, c := range f.Challenges {
		result := outcomes[c.Verdict]
		r.History = append(r.History, store.Attempt{ChallengeID: c.ID, At: workos.At(c.CreatedAt), Outcome: result, WrongCodes: c.Wrong})
		if result == store.OutcomeVerified {
			r.VerifiedAt = workos.At(c.CreatedAt)
		}
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

// serverChanged shows what is new at the server. A screen below the console is told of
// its factors only.
func (m Model) serverChanged() (tea.Model, tea.Cmd) {
	_, home := m.screen.(consoleScreen)
	// What lies over the screen would lose its cursor.
	if !home && m.session.readServer() && !m.session.busy() && m.over == nil {
		m.session.mirror()
		return m.forward(recordsChangedMsg{})
	}
	return m.forward(ServerChangedMsg{})
}

// ticking is a screen on which a clock may run.
type ticking interface{ moves() bool }

// atHome is the console in place of the list of all factors, which it has a tab for, and
// with what is new in it. It keeps a clock running where one is seen.
func (m Model) atHome(next screen) (screen, tea.Cmd) {
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
	if clock, ok := next.(ticking); !ok || m.session.live.ticking || !clock.moves() {
		return next, nil
	}
	m.session.live.ticking = true
	return next, m.session.After(time.Second, func(time.Time) tea.Msg { return serverTickMsg{} })
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

// heading is the server in the header, as much as fits into w columns: where it is, the
// key to use, how long it is up and how busy.
func (s consoleScreen) heading(w int) string {
	serving, st := s.session.Serving, s.session.styles
	up := s.session.Now().Add(-s.session.Lab.ClockOffset()).Sub(serving.Since)
	url, rest := ansi.Truncate(words.Clean(serving.URL), w, "…"), ""
	for _, part := range []string{words.Clean(serving.Key), "up " + upFor(up), fmt.Sprintf("%.1f calls/s", s.session.live.rate())} {
		if longer := rest + " · " + part; lipgloss.Width(url+longer) <= w {
			rest = longer
		}
	}
	return st.title.Render(url) + st.dim.Render(rest)
}

// inConsole is a trail from the console, where users and the lab are not below the factors.
func (t trail) inConsole() trail {
	if len(t) > 1 && (t[1] == "Users" || t[1] == "Lab") {
		return t[1:]
	}
	return t
}

// upFor is how long a server is up.
func upFor(d time.Duration) string {
	switch minutes := int(d.Minutes()); {
	case minutes < 60:
		return fmt.Sprintf("%d min", max(0, minutes))
	default:
		return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
	}
}
