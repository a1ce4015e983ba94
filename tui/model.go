package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
	"mfa-tui/tui/term"
	"mfa-tui/workos/inspect"
)

// MinWidth and MinHeight are the smallest terminal that the screens are made for, in
// cells.
const (
	MinWidth  = 40
	MinHeight = 12
)

// Model is the tea.Model of mfa-tui. Build it with [New].
type Model struct {
	session  *session
	screen   screen
	over     screen // see over.go; nil if there is none
	notice   notice
	help     helpView
	spinner  spinner.Model
	spinning bool
}

// New returns the model at its first screen: the factors, or what is wrong with the
// factor file. It does no I/O.
func New(opts Options) Model {
	s := &session{Options: opts, styles: newStyles(opts.Renderer, opts.Theme)}
	m := Model{
		session: s,
		spinner: spinner.New(spinner.WithSpinner(spinner.MiniDot), spinner.WithStyle(s.styles.accent.Style)),
	}
	if opts.StoreErr != nil {
		m.screen = storeErrorScreen{s, opts.StoreErr}
		return m
	}
	m.screen = newFactorsScreen(s, "")
	if s.serves() {
		s.live = &live{recorded: opts.Calls, home: newConsoleScreen(s), began: opts.Serving.Changes()}
		s.Calls = func() []inspect.Call { return s.live.calls }
		m.screen = m.atHome(s.live.home)
	}
	if text := s.startNotice(); text != "" {
		m.notice = notice{warning, text}
	}
	return m
}

// Init starts the clock, and looks for a test phone.
func (m Model) Init() tea.Cmd { return tea.Batch(m.session.nextMinute(), m.session.findPhone()) }

// Update handles a message.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := m.handle(msg)
	if m.session.serves() {
		return next.(Model).caughtUp(cmd)
	}
	return next, cmd
}

// handle handles what concerns every screen, and gives the rest to the open one.
func (m Model) handle(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.session.sawUsers(msg)
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.session.width, m.session.height = msg.Width, msg.Height
	case noticeMsg:
		m.notice = msg.notice
		return m, nil
	case storeVanishedMsg:
		next, cmd := m.screen.update(msg)
		if _, told := next.(storeVanishedScreen); !told {
			m.notice = notice{warning, words.Clean(msg.err.Error())}
		}
		return m.show(next, cmd)
	case secretCopiedMsg:
		m.notice = msg.notice
		return m, m.session.clearLater(msg)
	case secretClearedMsg:
		if m.notice.text == "" {
			m.notice = notice{plain, "the " + msg.what + " was cleared from the clipboard"}
		}
		return m, nil
	case term.AnswerMsg:
		m.session.answered(msg)
		m.spinner.Style = m.session.styles.accent.Style
		return m, nil
	case phoneFoundMsg:
		m.session.Phone = msg.phone
	case ServerChangedMsg:
		return m.serverChanged()
	case serverTickMsg:
		m.session.live.ticking = false
		return m.serverChanged()
	case ServerNoteMsg:
		m.notice = notice{warning, words.Clean(msg.Text)}
		return m, nil
	case openCallMsg:
		m.over = callsScreen{session: m.session, chosen: msg.n, open: true, leaves: true}
		return m, nil
	case minuteMsg: // draws times such as "2 minutes ago" again
		if m.session.serves() {
			m.session.live.outdate() // what has expired since is no change of the server
			next, cmd := m.serverChanged()
			return next, tea.Batch(cmd, m.session.nextMinute())
		}
		return m, tea.Batch(m.session.nextMinute(), m.session.lookAtStore())
	case tea.ResumeMsg:
		return m.forward(hideMsg{})
	case spinner.TickMsg:
		return m.spin(msg)
	case tea.MouseMsg:
		return m.mouse(msg)
	case tea.KeyMsg:
		return m.press(msg)
	case commandMsg:
		return msg.do(m)
	case result:
		if m.session.serves() {
			m.session.live.at = time.Time{} // what a person did themselves is seen at once
		}
		m.session.pending.told(msg.workID())
		if !m.session.ends(msg.workID()) {
			if n := msg.report(m.session); n.text != "" {
				m.notice = n
			}
			return m.forward(recordsChangedMsg{by: msg})
		}
	}
	return m.forward(msg)
}

// forward gives a message to the screen and shows the one it returns.
func (m Model) forward(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := m.show(m.screen.update(msg))
	if m = next.(Model); m.paletteOpen() {
		if _, changed := msg.(recordsChangedMsg); changed {
			m.over = m.over.(paletteScreen).over(m)
		}
	}
	return m, cmd
}

// show shows a screen and keeps the spinner turning while it waits for a call.
func (m Model) show(s screen, cmd tea.Cmd) (tea.Model, tea.Cmd) {
	_, before := aspect[pictured](m.screen)
	if _, after := aspect[pictured](s); before && !after {
		cmd = tea.Batch(cmd, m.session.opened.leave())
	}
	if m.session.serves() {
		s = m.atHome(s)
	}
	m.screen = s
	if m.leftEnrollment() {
		m.session.enrolling = ""
	}
	if m.session.busy() && !m.spinning {
		m.spinning = true
		return m, tea.Batch(cmd, m.spinner.Tick)
	}
	return m, cmd
}

// leftEnrollment reports whether the screen is not on the way of an enrollment. The factor
// is, while the first challenge of a Generic OTP is started.
func (m Model) leftEnrollment() bool {
	switch m.screen.(type) {
	case factorsScreen, userFactorsScreen, consoleScreen:
		return true
	}
	_, factor := aspect[factorScreen](m.screen)
	return factor && !m.session.busy()
}

func (m Model) spin(msg spinner.TickMsg) (tea.Model, tea.Cmd) {
	if !m.session.busy() {
		m.spinning = false
		return m, nil
	}
	var cmd tea.Cmd
	m.spinner, cmd = m.spinner.Update(msg)
	return m, cmd
}

// Outcome is what became of work that was under way when the person quit.
type Outcome struct {
	Text   string // a sentence
	Failed bool
}

// Finish clears a copied secret from the clipboard, deletes an open picture and waits
// for calls whose result must not be lost, such as an enrollment under way when the
// person quit. It calls wait with their number first, unless there are none. It
// returns what became of them, and whether all had ended at timeout. Call it after
// the program has ended.
func (m Model) Finish(timeout time.Duration, wait func(count int)) (outcomes []Outcome, ended bool) {
	m.session.over = true
	m.session.copied.clear(0)
	m.session.opened.leave()()
	count, idle := m.session.pending.close()
	if count > 0 {
		wait(count)
	}
	select {
	case <-idle:
		ended = true
	case <-time.After(timeout):
	}
	for _, u := range m.session.pending.left() {
		n := u.result.report(m.session)
		if err := u.result.failed(); n.text == "" && err != nil {
			n = notice{failure, strings.ToLower(strings.TrimSuffix(u.verb, "…")) + " failed: " + m.session.explain(err)}
		}
		if n.text != "" {
			outcomes = append(outcomes, Outcome{n.text, n.kind == failure})
		}
	}
	return outcomes, ended
}

// StoreErr is why the factor file can't be read, nil once it has been read.
func (m Model) StoreErr() error {
	if m.session.Store != nil {
		return nil
	}
	return m.session.Options.StoreErr
}

// tooSmall reports whether the terminal has no room for a screen, or is not known yet.
func (s *session) tooSmall() bool { return s.width < MinWidth || s.height < MinHeight }

// View draws the terminal.
func (m Model) View() string {
	w, h := m.session.width, m.session.height
	switch {
	case w == 0 || h == 0:
		return ""
	case m.session.tooSmall():
		quits := m.quitKey()
		if m.typing() != nothingTyped { // then a q is text
			quits = keyInterrupt
		}
		text := fmt.Sprintf("mfa-tui needs %dx%d, this terminal is %dx%d · %s quits", MinWidth, MinHeight, w, h, quits.Help().Key)
		return strings.TrimRight(strings.Join(fit(ansi.Wrap(text, w, " "), w, h), "\n"), "\n")
	}
	return m.draw()
}

func (m Model) body(w, h int) string {
	if m.help.open {
		return window(m.helpLines(), m.help.from, h)
	}
	return m.top().view(w, h)
}

// noticeLines is the spinner during a call, else the notice, in lines of w columns.
func (m Model) noticeLines(w, most int) []string {
	s := m.session.styles
	if m.session.busy() {
		return []string{m.spinner.View() + " " + s.text.Render(ansi.Truncate(m.session.work.text(), w-2, "…"))}
	}
	style := [...]pen{s.text, s.good, s.warning, s.bad}[m.notice.kind]
	lines := strings.Split(ansi.Wrap(m.notice.kind.mark()+words.Capital(m.notice.text), w, " "), "\n")
	if len(lines) > most {
		lines = append(lines[:most-1], ansi.Truncate(lines[most-1]+"…", w, "…"))
	}
	for i := range lines {
		lines[i] = style.Render(lines[i])
	}
	return lines
}
