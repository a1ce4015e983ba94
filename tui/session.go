package tui

import (
	"mfa-tui/store/factors"
	"mfa-tui/workos/inspect"
)

// session is what all screens share: the options, and what must outlive a
// screen because it concerns calls that do. Only Update writes it.
type session struct {
	Options
	styles  styles
	width   int // of the terminal, in cells
	height  int
	lastID  int
	work    work // what the open screen waits for
	lasting lasting
	order   factors.Order // of the list
	copied  copiedSecret
	pauses  factors.Pauses
}

// nextID returns a number that no work or clock of this run has had.
func (s *session) nextID() int {
	s.lastID++
	return s.lastID
}

// box is the size of a screen's body: the frame takes a column on either side,
// and four rows with the margin.
func (s *session) box() (w, h int) { return max(0, s.width-2), max(0, s.height-4-s.margin()) }

// margin is the empty rows above the body, where there is room for some.
func (s *session) margin() int {
	const plenty = 30
	if s.height >= plenty {
		return 1
	}
	return 0
}

// calls returns the last calls of the session, newest first.
func (s *session) calls() []inspect.Call {
	if s.Calls == nil {
		return nil
	}
	return s.Calls()
}

// service names the other side of the calls for a person.
func (s *session) service() string { return s.Service() }
