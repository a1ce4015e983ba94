package tui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
	"mfa-tui/tui/term"
	"mfa-tui/workos"
)

// session is what all screens share: the options, and state that outlives a screen.
// Only Update writes it.
type session struct {
	Options
	styles    styles
	width     int // of the terminal, in cells
	height    int
	lastID    int
	work      work // what the open screen waits for
	pending   pending
	over      bool          // the screens have ended: nothing can be pressed any more
	order     factors.Order // of the list
	copied    copiedSecret
	opened    openPicture
	pauses    factors.Pauses
	enrolling string        // the ID of the factor whose enrollment goes on to its first code
	live      *live         // nil unless this is the console of a server
	users     []workos.User // those that were shown, the last first
}

// sawUsers remembers the users that a message brings, for the palette, before those that
// were shown earlier.
func (s *session) sawUsers(msg tea.Msg) {
	var seen []workos.User
	switch msg := msg.(type) {
	case usersListedMsg:
		seen = msg.users
	case usersFoundMsg:
		seen = msg.users
	case userAddedMsg:
		if msg.err == nil {
			seen = []workos.User{msg.user}
		}
	default:
		return
	}
	known := slices.DeleteFunc(slices.Clone(s.users), func(u workos.User) bool {
		return slices.ContainsFunc(seen, func(now workos.User) bool { return now.ID == u.ID })
	})
	s.users = slices.Concat(seen, known)
	s.users = s.users[:min(len(s.users), mostUsers)]
}

const mostUsers = 1000

// seenUsers are those whose name or address has a text, at most so many.
func (s *session) seenUsers(text string, most int) (found []workos.User) {
	found = factors.MatchingUsers(s.users, text)
	return found[:min(len(found), most)]
}

// nextID returns a new number for work, a clock or a showing.
func (s *session) nextID() int {
	s.lastID++
	return s.lastID
}

// answered takes over what the terminal says of itself.
func (s *session) answered(msg term.AnswerMsg) {
	switch {
	case s.Glyphs == qr.Spaces: // it has ASCII alone
	case msg.Sextants:
		s.Glyphs = qr.Sextants
	default:
		s.Glyphs = qr.HalfBlocks
	}
	if msg.Background == term.UnknownBackground || s.Theme == PlainTheme {
		return
	}
	s.Theme = DarkTheme
	if msg.Background == term.Light {
		s.Theme = LightTheme
	}
	s.styles = newStyles(s.Renderer, s.Theme)
}

// latest is a record as the factor file has it now, or as it was if it is not there.
func (s *session) latest(r store.Record) store.Record {
	if now, ok := s.Store.Record(r.ID); ok {
		return now
	}
	return r
}

// explain says what failed, then what to do about it.
func (s *session) explain(err error) string { return strings.Join(s.Explain(err), " · ") }

// pauseLeft is how long no message may be sent to a factor's phone.
func (s *session) pauseLeft(r store.Record) time.Duration { return s.pauses.Left(r.ID, s.Now()) }

// userName is a user of those that were shown, by name, or the ID of another.
func (s *session) userName(id string) string {
	for _, u := range s.users {
		if u.ID == id {
			return factors.UserName(u)
		}
	}
	return words.Clean(id)
}
