package tui

import (
	"strings"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui/term"
	"mfa-tui/workos"
)

// session is what all screens share: the options, and state that outlives a screen.
// Only Update writes it.
type session struct {
	Options
	styles  styles
	width   int // of the terminal, in cells
	height  int
	lastID  int
	work    work // what the open screen waits for
	pending pending
	order   factors.Order // of the list
	copied  copiedSecret
	opened  openPicture
	pauses  factors.Pauses
}

// nextID returns a new number for work, a clock or a showing.
func (s *session) nextID() int {
	s.lastID++
	return s.lastID
}

// answered takes over what the terminal says of itself.
func (s *session) answered(msg term.AnswerMsg) {
	s.Sextants = msg.Sextants
	if msg.Background == term.UnknownBackground || s.Theme == PlainTheme {
		return
	}
	s.Theme = DarkTheme
	if msg.Background == term.Light {
		s.Theme = LightTheme
	}
	s.styles = newStyles(s.Renderer, s.Theme)
}

// explain says what failed, then what to do about it.
func (s *session) explain(err error) string {
	parts := s.Explain(err)
	if workos.IsNotFound(err) {
		parts = append(parts, "press r on its screen to refresh it")
	}
	return strings.Join(parts, " · ")
}

// pauseLeft is how long no message may be sent to a factor's phone.
func (s *session) pauseLeft(r store.Record) time.Duration { return s.pauses.Left(r.ID, s.Now()) }
