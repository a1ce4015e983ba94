package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/cellbuf"

	"mfa-tui/store/factors"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// How a code screen is laid out.
const (
	leastEntry  = 54 // columns that the entry needs beside the phone
	mostEntry   = 64 // and that it has there, so that the eye finds both
	smallEntry  = 42 // columns that it needs beside a phone without a box
	historyLess = 30 // columns that the challenges need beside the phone
	phoneGap    = 2  // columns between them
	airyRows    = 11 // rows from which on some are empty, and the phone has a box
)

// view draws the entry, with the phone and the earlier challenges beside or below it
// where there is room. It keeps the rows of all that may come later.
func (s codeScreen) view(w, h int) string {
	if h >= airyRows {
		if phone := s.phone.box(s.session, w-leastEntry-phoneGap, h); phone != "" {
			return s.wideView(phone, min(mostEntry, w-phoneGap-lipgloss.Width(phone)), h)
		}
		entry := strings.Join(s.entry(w), "\n")
		below := h - lipgloss.Height(entry)
		phone := s.phone.box(s.session, w, below)
		if phone != "" || !s.phone.there {
			return entry + "\n" + s.belowView(phone, w, below)
		}
	}
	return s.plainView(w, h)
}

// wideView has the phone at the right.
func (s codeScreen) wideView(phone string, left, h int) string {
	entry := append(s.entry(left), "")
	lines := fit(strings.Join(append(entry, s.history().view(left, h-len(entry))...), "\n"), left, h)
	for i, l := range lines {
		lines[i] = column(l, left+phoneGap)
	}
	return lipgloss.JoinHorizontal(lipgloss.Top, strings.Join(lines, "\n"), phone)
}

// belowView is what is below the entry: the phone if there is one, and beside it or below
// it the challenges.
func (s codeScreen) belowView(phone string, w, h int) string {
	if lipgloss.Height(phone) < h {
		phone, h = "\n"+phone, h-1
	}
	left := lipgloss.Width(phone)
	if room := w - left - phoneGap; left > 0 && room >= historyLess {
		challenges := append([]string{""}, s.history().view(room, h-1)...)
		return lipgloss.JoinHorizontal(lipgloss.Top, phone, strings.Repeat(" ", phoneGap), strings.Join(challenges, "\n"))
	}
	return strings.Join(append([]string{phone}, s.history().view(w, h-lipgloss.Height(phone))...), "\n")
}

// plainView is for a small terminal or a long message: without empty rows, boxes and
// challenges. The phone is at the bottom, where nothing moves it, or at the right if
// there is more room.
func (s codeScreen) plainView(w, h int) string {
	st := s.session.styles
	left := min(w, smallEntry)
	entry := strings.Join([]string{s.prompt(left), s.cells(), strings.Join(s.tight(left), "\n")}, "\n")
	below := h - lipgloss.Height(entry)
	if room := w - left - besideGap; room*h > w*below {
		return lipgloss.JoinHorizontal(lipgloss.Top, st.renderer.NewStyle().Width(left+besideGap).Render(entry), s.phone.plain(s.session, room, h))
	}
	phone := s.phone.plain(s.session, w, below)
	return entry + strings.Repeat("\n", max(1, below-lipgloss.Height(phone)+1)) + phone
}

// entry is the prompt, the cells, and what is said of the code and its challenge.
func (s codeScreen) entry(w int) []string {
	return append(append([]string{s.prompt(w), ""}, strings.Split(s.cells(), "\n")...), s.under(w)...)
}

func (s codeScreen) prompt(w int) string {
	prompt := "Enter the code " + factors.CodeSource(s.record.Factor)
	if lipgloss.Width(prompt) > w {
		prompt = "Code " + factors.CodeSource(s.record.Factor)
	}
	return s.session.styles.text.Render(prompt)
}

func (s codeScreen) cells() string {
	return codeCells(s.session.styles, s.input, !s.closed && !s.session.busy())
}

// codeCells draws a code in its cells.
func codeCells(st styles, c widget.Code, active bool) string {
	return c.View(widget.CodeStyles{Cell: st.dim.Style, Current: st.accent.Style, Digit: st.title.Style, Wrong: st.bad.Style, Right: st.good.Style}, active)
}

// under is what stands below the cells, in as many rows whatever is said: what is wrong
// with the code, the state of the challenge, and advice after wrong codes.
func (s codeScreen) under(w int) []string {
	rows, lines := len(s.wrapped(notice{failure, remarkText(s.session.WrongCode(s.record, s.tries))}, w)), s.remarkLines(w)
	for len(lines) < rows {
		lines = append(lines, "")
	}
	lines = append(lines, s.stateLine(w))
	rows++
	if s.record.Type == workos.TOTP {
		const adviceRows = 2
		rows += adviceRows
		for _, advice := range s.advice() {
			if with := append(lines, s.wrapped(notice{warning, advice}, w)...); len(with) <= rows {
				lines = with
				break
			}
		}
	}
	return fit(strings.Join(lines, "\n"), w, rows)
}

// tight is the same in as few rows as possible: only the most important, and of what is
// wrong only the beginning where there is advice.
func (s codeScreen) tight(w int) []string {
	remark := s.remarkLines(w)
	if all := s.advice(); len(all) > 0 {
		advice := s.wrapped(notice{warning, all[len(all)-1]}, w)
		if len(remark) > 0 {
			what, _, _ := strings.Cut(s.remark.text, ". ")
			advice = append(s.wrapped(notice{s.remark.kind, what}, w), advice...)
		}
		return advice
	}
	if len(remark) > 0 {
		return remark
	}
	return []string{s.stateLine(w)}
}

func (s codeScreen) remarkLines(w int) []string {
	if s.remark.text == "" {
		return nil
	}
	return s.wrapped(s.remark, w)
}

// wrapped is a remark after its mark, in lines of w columns. Only what happened has a
// colour, not what to do.
func (s codeScreen) wrapped(n notice, w int) []string {
	st := s.session.styles
	style := map[noticeKind]pen{warning: st.warning, failure: st.bad}[n.kind]
	what, then, two := strings.Cut(n.text, ". ")
	text := style.Render(n.kind.mark() + what)
	if two {
		before, after, key := strings.Cut(then, " r ")
		if text = style.Render(n.kind.mark()+what+".") + " " + st.text.Render(before); key {
			text += " " + st.key.Render("r") + st.text.Render(" "+after)
		}
	}
	return strings.Split(cellbuf.Wrap(text, max(1, w), " "), "\n")
}

// stateLine says how long the challenge is open or its code is shown, and when the person
// can resend.
func (s codeScreen) stateLine(w int) string {
	st, now := s.session.styles, s.session.Now()
	left := s.deadline.Sub(now).Round(time.Second)
	switch {
	case s.closed:
		return st.dim.Render("this challenge is closed")
	case s.record.Type == workos.TOTP:
		return s.nextCode(w, s.phone.left(now))
	case s.deadline.IsZero():
		return ""
	case left <= 0:
		return st.warning.Render("! expired · r starts a new one")
	}
	state := st.dim.Render(fmt.Sprintf("expires in %d:%02d", int(left.Minutes()), int(left.Seconds())%60))
	if left := s.session.pauseLeft(s.record); left > 0 {
		state += st.dim.Render(" · resend (") + st.key.Render("r") + st.dim.Render(fmt.Sprintf(") in %d s", int(left.Seconds())))
	}
	return state
}

// nextCode says when an authenticator app shows its next code. The ring is there unless
// the test phone has it.
func (s codeScreen) nextCode(w int, left time.Duration) string {
	st := s.session.styles
	text := st.dim.Render(fmt.Sprintf("the app shows a new code in %d s", int(left.Seconds())))
	if s.phone.there || w < leastEntry {
		return text
	}
	const cells = 20
	return widget.Ring(cells, float64(left)/float64(factors.CodeStep), st.accent.Style, st.dim.Style) + "  " + text
}

// advice is what may help after wrong codes, the longest first.
func (s codeScreen) advice() []string {
	advice, why := s.session.WrongCodeAdvice(s.record, s.tries)
	switch {
	case advice == "":
		return nil
	case why == "":
		return []string{remarkText(advice)}
	}
	return []string{remarkText(advice + ": " + why), remarkText(advice)}
}

// history is the challenges of the factor, this one on top while it is open.
func (s codeScreen) history() timeline {
	t := timeline{session: s.session, history: s.record.History, wrong: s.tries}
	if !s.closed {
		t.open = s.challenge.ID
	}
	return t
}
