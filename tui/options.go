package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store"
	"mfa-tui/tui/qr"
	"mfa-tui/workos"
)

// API is what the screens call at WorkOS, or at the local engine.
type API interface {
	EnrollFactor(context.Context, workos.EnrollFactorOpts) (workos.Factor, error)
	GetFactor(context.Context, workos.GetFactorOpts) (workos.Factor, error)
	DeleteFactor(context.Context, workos.DeleteFactorOpts) error
	ChallengeFactor(context.Context, workos.ChallengeFactorOpts) (workos.Challenge, error)
	VerifyChallenge(context.Context, workos.VerifyChallengeOpts) (workos.Verification, error)
	ListUsers(context.Context, workos.ListUsersOpts) (workos.ListUsersResponse, error)
	ListUserFactors(context.Context, workos.ListUserFactorsOpts) (workos.ListUserFactorsResponse, error)
	CreateUser(context.Context, workos.CreateUserOpts) (workos.User, error)
	// ClockSkew returns how far the other side's clock was ahead at its last
	// answer, to the second. It reports false before the first one.
	ClockSkew() (time.Duration, bool)
}

// Store keeps the factors of the open environment. Records and Record answer
// from memory; everything else does I/O and is called from commands only.
type Store interface {
	Records() []store.Record
	Record(id string) (store.Record, bool)
	Unsaved() []store.Record
	Notice() string // what the person should be told once about the file

	Ready(context.Context) error
	Reload() (changed bool, err error)
	Put(context.Context, store.Record) (added bool, err error)
	Started(ctx context.Context, id string, c workos.Challenge) (store.Record, error)
	Finished(ctx context.Context, id, challengeID string, o store.Outcome, at time.Time) (store.Record, error)
	Refreshed(context.Context, workos.Factor) (store.Record, error)
	MarkGone(ctx context.Context, id string, at time.Time) (store.Record, error)
	SetLabel(ctx context.Context, id, label string) (store.Record, error)
	Forget(ctx context.Context, ids ...string) error
	// WriteExport writes all factors to a new file beside the factor file.
	WriteExport(at time.Time) (path string, err error)
	Save(context.Context) error
}

// TestPhone is the phone of the local engine: it receives the text messages and
// holds the authenticator app.
type TestPhone interface {
	// LastSMS returns the newest message to a number, empty if there is none.
	LastSMS(ctx context.Context, phoneNumber string) (body string, sentAt time.Time, err error)
	// AuthenticatorCode returns the code that an authenticator app shows now
	// for a TOTP factor, the next one, and when it shows that.
	AuthenticatorCode(ctx context.Context, factorID string) (code, next string, until time.Time, err error)
}

// Mode says what kind of environment is open.
type Mode int

// The modes, as the header shows them.
const (
	Local Mode = iota // the local engine
	Test              // WorkOS with a test key
	Live              // WorkOS with any other key: real people, real messages
)

// String returns the badge of the header.
func (m Mode) String() string { return [...]string{"LOCAL", "TEST", "LIVE"}[m] }

// Copied is text that was put on the clipboard.
type Copied struct {
	How string // e.g. "to the clipboard"
	// Clear takes the text off the clipboard if it is still there, and reports
	// whether it was. It is nil where nobody can know.
	Clear func() bool
}

// Options is what a [Model] is built with. Every field but Phone, Lab,
// Host, StoreErr, Notice, Calls and BaseURL is needed.
type Options struct {
	API   API
	Store Store
	Mode  Mode
	Host  string    // where the calls go, if not to the usual place
	Phone TestPhone // nil unless Mode is Local
	Lab   Lab       // nil unless Mode is Local

	// StoreErr is why the factor file could not be opened: shown in place of
	// the factors, with OpenStore behind a key to try again.
	StoreErr  error
	OpenStore func() (Store, error)
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
	Calls func() []Call
	// BaseURL is where the calls go, if not to the usual place, for the code that
	// makes them again.
	BaseURL string

	Now      func() time.Time
	After    func(time.Duration, func(time.Time) tea.Msg) tea.Cmd // tea.Tick, but in tests
	NewKey   func() string                                        // a fresh Idempotency-Key
	Renderer *lipgloss.Renderer
	Theme    Theme
	Paint    qr.Paint // how black and white are made on this terminal
	// OtherPaint is the next best guess where a terminal without colours does
	// not tell whether it is dark or light; the same as Paint elsewhere.
	OtherPaint qr.Paint
	// QR is how QR codes are drawn first, if they fit so.
	QR QRChoice
	// RememberQR keeps a choice for the next time that this terminal is used.
	RememberQR func(QRChoice) error
}

// QRChoice is how a person wants QR codes to be drawn on a terminal.
type QRChoice struct {
	Family qr.Family
	// Other asks for OtherPaint.
	Other bool
}
