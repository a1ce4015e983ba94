package tui

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// The smallest terminal that the screens are made for, in cells.
const (
	minWidth  = 40
	minHeight = 12
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

// New returns the machine at its first screen: the factors, or what is wrong
// with the factor file. It does no I/O.
func New(opts Options) Model {
	d := &session{Options: opts, styles: newStyles(opts.Renderer, opts.Theme)}
	m := Model{
		session: d,
		spinner: spinner.New(spinner.WithSpinner(spinner.MiniDot), spinner.WithStyle(d.styles.accent)),
	}
	if opts.StoreErr != nil {
		m.screen = newStoreErrorScreen(d, opts.StoreErr)
		return m
	}
	m.screen = newFactorsScreen(d, "")
	if text := cmp.Or(opts.Store.Notice(), opts.Notice); text != "" {
		m.notice = notice{warning, clean(text)}
	}
	return m
}

// Init starts the clock. The first frame needs nothing that New was not given.
func (m Model) Init() tea.Cmd { return m.session.nextMinute() }

// Update answers a message: what concerns every screen here, the rest in the
// screen that is open.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.session.width, m.session.height = msg.Width, msg.Height
	case noticeMsg:
		m.notice = msg.notice
		return m, nil
	case secretCopiedMsg:
		m.notice = msg.notice
		return m, m.session.clearLater(msg)
	case secretClearedMsg:
		if m.notice.text == "" {
			m.notice = notice{plain, "the " + msg.what + " is off the clipboard again"}
		}
		return m, nil
	case minuteMsg: // what is told in minutes is drawn anew
		return m, tea.Batch(m.session.nextMinute(), m.session.lookAtStore())
	case spinner.TickMsg:
		return m.spin(msg)
	case tea.MouseMsg:
		return m.mouse(msg)
	case tea.KeyMsg:
		return m.press(msg)
	case result:
		if !m.waitsFor(msg.workID()) {
			if n := msg.late(m.session); n.text != "" {
				m.notice = n
			}
			return m.forward(recordsChangedMsg{by: msg})
		}
	}
	return m.forward(msg)
}

// waitsFor reports whether the open screen waits for the result with this id.
func (m Model) waitsFor(id int) bool {
	w, ok := m.screen.(worker)
	return ok && w.working().waits(id)
}

// press answers a key: the ones that work everywhere, then the screen's.
func (m Model) press(msg tea.KeyMsg) (tea.Model, tea.Cmd) {
	m.notice = notice{}
	typing := m.top().help().typing
	switch {
	case key.Matches(msg, keyInterrupt):
		return m, tea.Quit
	case key.Matches(msg, keySuspend):
		return m, tea.Suspend
	case m.help.open:
		_, h := m.session.box()
		m.help = m.help.press(msg, max(0, len(m.helpLines())-h))
		return m, nil
	case key.Matches(msg, keyHelpTyping), !typing && key.Matches(msg, keyHelp):
		m.help = helpView{open: true}
		return m, nil
	case !typing && key.Matches(msg, keyQuit):
		return m, tea.Quit
	case m.over != nil || m.inspects(msg):
		return m.pressOver(msg)
	}
	return m.forward(msg)
}

// forward gives a message to the screen and shows the one it returns.
func (m Model) forward(msg tea.Msg) (tea.Model, tea.Cmd) { return m.show(m.screen.update(msg)) }

// show shows a screen and keeps the spinner turning while it waits for a call.
func (m Model) show(s screen, cmd tea.Cmd) (tea.Model, tea.Cmd) {
	m.screen = s
	if m.verb() != "" && !m.spinning {
		m.spinning = true
		return m, tea.Batch(cmd, m.spinner.Tick)
	}
	return m, cmd
}

func (m Model) spin(msg spinner.TickMsg) (tea.Model, tea.Cmd) {
	if m.verb() == "" {
		m.spinning = false
		return m, nil
	}
	var cmd tea.Cmd
	m.spinner, cmd = m.spinner.Update(msg)
	return m, cmd
}

// verb is what the open screen waits for, empty if nothing.
func (m Model) verb() string {
	if w, ok := m.screen.(worker); ok {
		return w.working().verb
	}
	return ""
}

// Finish takes a copied secret off the clipboard and waits until every effect
// that must not be lost has ended: an enrollment under way when the person quit,
// above all. It returns at once where there is none, and reports false if one was still under way at timeout.
// Call it after the program has ended; wait is told how many there are first.
func (m Model) Finish(timeout time.Duration, wait func(count int)) bool {
	m.session.copied.takeOff(0)
	count, idle := m.session.lasting.close()
	if count == 0 {
		return true
	}
	wait(count)
	select {
	case <-idle:
		return true
	case <-time.After(timeout):
		return false
	}
}

// StoreErr is why the factor file can't be read, nil once it could be.
func (m Model) StoreErr() error {
	if m.session.Store != nil {
		return nil
	}
	return m.session.Options.StoreErr
}

// Unsaved returns the records that could not be written to the factor file, as
// JSON, one array; nil if there are none.
func (m Model) Unsaved() ([]byte, error) {
	if m.session.Store == nil {
		return nil, nil
	}
	records := m.session.Store.Unsaved()
	if len(records) == 0 {
		return nil, nil
	}
	return json.MarshalIndent(records, "", "  ")
}

// View draws the frame: header, rule, body, the notice line and the footer,
// always as high as the terminal, so that nothing jumps.
func (m Model) View() string {
	w, h := m.session.width, m.session.height
	switch {
	case w == 0 || h == 0:
		return ""
	case w < minWidth || h < minHeight:
		return ansi.Truncate("mfa-tui needs 40x12 cells", w, "…")
	}
	if f, ok := m.top().(fullScreen); ok && f.full() && !m.help.open {
		return strings.Join(fit(m.top().view(w, h), w, h), "\n")
	}
	line := m.noticeLines(w - 2)
	m.session.noticeRows = len(line)
	bw, bh := m.session.box()
	body := fit(m.body(bw, bh), bw, bh)
	for i := range body {
		body[i] = " " + body[i]
	}
	if over := len(line) - 1; over > 0 { // a long notice covers the end of the body
		body = body[:max(0, len(body)-over)]
	}
	rows := append([]string{m.header(w), " " + m.rule(w-2)}, make([]string, m.session.margin())...)
	rows = append(rows, body...)
	for _, l := range line {
		rows = append(rows, " "+l)
	}
	footer, _ := m.footer(w - 2)
	return strings.Join(append(rows, " "+footer), "\n")
}

func (m Model) body(w, h int) string {
	if m.help.open {
		return window(m.helpLines(), m.help.from, h)
	}
	return m.top().view(w, h)
}

// noticeLines is the spinner while something is under way, else the notice: one
// line, or as many as its text needs.
func (m Model) noticeLines(w int) []string {
	s := m.session.styles
	if verb := m.verb(); verb != "" {
		return []string{m.spinner.View() + " " + s.text.Render(ansi.Truncate(verb, w-2, "…"))}
	}
	style := [...]lipgloss.Style{s.text, s.good, s.warning, s.bad}[m.notice.kind]
	lines := strings.Split(ansi.Wrap(m.notice.kind.mark()+m.notice.text, w, " "), "\n")
	most := 4
	if m.session.height <= minHeight+4 { // what it covers may be the code to type
		most = 3
	}
	if len(lines) > most {
		lines = append(lines[:most-1], ansi.Truncate(lines[most-1]+"…", w, "…"))
	}
	for i := range lines {
		lines[i] = style.Render(lines[i])
	}
	return lines
}
