package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui/qr"
	"mfa-tui/workos/inspect"
)

// Copied is text that was put on the clipboard.
type Copied struct {
	How string // e.g. "copied to the clipboard"
	// Clear clears the text from the clipboard if it is still there, and reports
	// whether it was. It is nil where nobody can know, not even whether the text
	// arrived.
	Clear func() bool
}

// Options is what a [Model] is built with. Every field but Phone, FindPhone, Lab, StoreErr,
// Notice and Desktop is needed.
type Options struct {
	*factors.List // without a Store if StoreErr says why

	Phone factors.TestPhone // nil unless Mode is Local
	// FindPhone looks for the test phone of a server that may be a local engine, and
	// returns nil if it is not. It is called once, after the first frame, and nil where
	// there is none to find.
	FindPhone func(context.Context) factors.TestPhone
	Lab       Lab // nil unless Mode is Local

	// Serving is the server that this is the console of; none unless it has one. Then Mode
	// is Local, there are a Phone and a Lab, and the Store is one in memory.
	Serving Serving

	// StoreErr is why the factor file could not be opened. It is shown in place of
	// the factors, with a key that calls OpenStore to try again.
	StoreErr  error
	OpenStore func() (*store.Store, error)
	// RestoreStore replaces a broken factor file by its backup, and returns where
	// the broken file is kept.
	RestoreStore func(context.Context) (kept string, err error)
	// Notice is shown at the start unless it is empty.
	Notice string

	// Copy puts text on the clipboard.
	Copy func(text string) (Copied, error)
	// SavePNG writes a picture, which contains a secret, to a file that only the
	// person can read, and returns its full path. For an existing file the error is
	// fs.ErrExist unless replace is set.
	SavePNG func(name string, png []byte, replace bool) (path string, err error)

	// OpenPNG opens a picture, which contains a secret, in the desktop's viewer.
	// remove deletes it, also after an error unless it is nil. It is called only where
	// there is a Desktop.
	OpenPNG func(png []byte) (remove func() error, err error)

	// Calls returns the last calls of the session, newest first, from memory.
	Calls func() []inspect.Call

	After    func(time.Duration, func(time.Time) tea.Msg) tea.Cmd // tea.Tick, but in tests
	Renderer *lipgloss.Renderer
	Theme    Theme // for [term.AnswerMsg] to change, unless it is PlainTheme
	// Glyphs are what the terminal has, as far as the environment tells. An answer of
	// the terminal decides whether it has sextants.
	Glyphs qr.Glyphs
	// Desktop is set if the person sees a window that this program opens.
	Desktop bool
	// NoSuspend is set where a program can't be suspended, as on Windows.
	NoSuspend bool
	Paint     qr.Paint // how black and white are made on this terminal
	// QR is the style in which QR codes are drawn first, if that fits.
	QR qr.Style
	// RememberQR keeps a style for the next time on this terminal.
	RememberQR func(qr.Style) error
}
