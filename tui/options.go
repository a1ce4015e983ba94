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

// TestPhone is the phone of the local engine: it receives the text messages and
// holds the authenticator app.
type TestPhone interface {
	// LastSMS returns the newest message to a number, empty if there is none.
	LastSMS(ctx context.Context, phoneNumber string) (body string, sentAt time.Time, err error)
	// AuthenticatorCode returns the code that an authenticator app shows now
	// for a TOTP factor, the next one, and when it shows that.
	AuthenticatorCode(ctx context.Context, factorID string) (code, next string, until time.Time, err error)
}

// Copied is text that was put on the clipboard.
type Copied struct {
	How string // e.g. "copied to the clipboard"
	// Clear clears the text from the clipboard if it is still there, and reports
	// whether it was. It is nil where nobody can know.
	Clear func() bool
}

// Options is what a [Model] is built with. Every field but Phone, Lab, StoreErr,
// Notice and Calls is needed.
type Options struct {
	*factors.List // without a Store if StoreErr says why

	Phone TestPhone // nil unless Mode is Local
	Lab   Lab       // nil unless Mode is Local

	// StoreErr is why the factor file could not be opened: shown in place of
	// the factors, with OpenStore behind a key to try again.
	StoreErr  error
	OpenStore func() (*store.Store, error)
	// RestoreStore puts the last good copy in the place of a broken factor file,
	// and says where the broken one is kept.
	RestoreStore func(context.Context) (kept string, err error)
	// Notice is what the person should be told at the start, empty if nothing.
	Notice string

	// Copy puts text on the clipboard.
	Copy func(text string) (Copied, error)
	// SavePNG writes a picture, which holds a secret, to a file of this name, for
	// the person alone, and returns its whole path. A file that is there already
	// is only replaced if replace says so; the error is fs.ErrExist otherwise.
	SavePNG func(name string, png []byte, replace bool) (path string, err error)

	// Calls returns the last calls of the session, newest first, from memory;
	// nil where there is no inspector.
	Calls func() []inspect.Call

	After    func(time.Duration, func(time.Time) tea.Msg) tea.Cmd // tea.Tick, but in tests
	Renderer *lipgloss.Renderer
	Theme    Theme
	Paint    qr.Paint // how black and white are made on this terminal
	Sextants bool     // this terminal is known to draw sextants itself
	// QR is the style that QR codes are drawn in first, if they fit so.
	QR qr.Style
	// RememberQR keeps a style for the next time that this terminal is used.
	RememberQR func(qr.Style) error
}
