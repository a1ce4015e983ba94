package tui

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors/phone"
	"mfa-tui/workos"
)

// typeName is a factor type as people call it.
func typeName(t workos.FactorType) string {
	if t == workos.GenericOTP {
		return "OTP"
	}
	return strings.ToUpper(clean(string(t)))
}

// factorName is what a factor is called: its label, or what it was enrolled with.
func factorName(r store.Record) string {
	switch {
	case r.Label != "":
		return clean(r.Label)
	default:
		return wireName(r)
	}
}

// wireName is what a factor was enrolled with.
func wireName(r store.Record) string {
	switch {
	case r.TOTP != nil && r.TOTP.Issuer != "" && r.TOTP.User != "":
		return clean(r.TOTP.Issuer) + " · " + clean(r.TOTP.User)
	case r.TOTP != nil && r.TOTP.Issuer+r.TOTP.User != "":
		return clean(r.TOTP.Issuer + r.TOTP.User)
	case r.SMS != nil:
		return maskedPhone(r.SMS.PhoneNumber)
	case r.Type == workos.GenericOTP:
		return "generic one-time code"
	}
	return clean(r.ID)
}

// optsName is what a factor will be called once it is enrolled.
func optsName(o workos.EnrollFactorOpts) string {
	f := workos.Factor{Type: o.Type}
	switch o.Type {
	case workos.TOTP:
		f.TOTP = &workos.TOTPDetails{Issuer: o.TOTPIssuer, User: o.TOTPUser}
	case workos.SMS:
		f.SMS = &workos.SMSDetails{PhoneNumber: o.PhoneNumber}
	}
	return wireName(store.Record{Factor: f})
}

// fullPhone is a phone number as people read it.
func fullPhone(number string) string { return clean(phone.Format(number)) }

// maskedPhone leaves the last four digits of a phone number, for where others may
// look on.
func maskedPhone(number string) string { return phone.Mask(fullPhone(number)) }

// kept reports whether a factor is in the factor file.
func (d *session) kept(factorID string) bool {
	_, ok := d.Store.Record(factorID)
	return ok
}

func gone(r store.Record) bool { return !r.GoneAt.IsZero() }

// factorState is the state of a factor in a few words, the first of which is a mark.
func factorState(d *session, r store.Record) (string, lipgloss.Style) {
	st := d.styles
	unsaved := slices.ContainsFunc(d.Store.Unsaved(), func(u store.Record) bool { return u.ID == r.ID })
	switch {
	case unsaved:
		return "! not saved", st.warning
	case !d.kept(r.ID):
		return "– not on your list", st.dim
	case gone(r):
		return "✗ gone at " + d.service(), st.warning
	case !r.VerifiedAt.IsZero():
		return "✓ verified " + ago(r.VerifiedAt, d.Now()), st.good
	}
	return "– never verified", st.dim
}

// outcomes are the words for what became of a challenge.
var outcomes = map[store.Outcome]string{
	store.OutcomeOpen:            "open",
	store.OutcomeVerified:        "✓ verified",
	store.OutcomeWrongCode:       "✗ wrong code",
	store.OutcomeExpired:         "✗ expired",
	store.OutcomeAlreadyVerified: "✗ already used",
	store.OutcomeTooManyAttempts: "✗ too many tries",
}

// factorDetails is all there is to know of a factor, a line each, in w columns.
func factorDetails(d *session, r store.Record, w int) string {
	return table(d.styles, factorRows(d, r, func(at time.Time) string { return moment(d, at, w-labelWidth) }), w)
}

// factorRows is all there is to know of a factor, each with its name, the most
// telling first.
func factorRows(d *session, r store.Record, moment func(time.Time) string) [][2]string {
	rows := [][2]string{{"id", clean(r.ID)}, {"type", typeName(r.Type)}}
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add("label", clean(r.Label))
	if r.TOTP != nil {
		add("issuer", clean(r.TOTP.Issuer))
		add("user", clean(r.TOTP.User))
	}
	if r.SMS != nil {
		add("phone", fullPhone(r.SMS.PhoneNumber))
	}
	switch {
	case !r.VerifiedAt.IsZero():
		add("verified", moment(r.VerifiedAt))
	case d.kept(r.ID): // else nobody here knows
		add("verified", "never")
	}
	if a, ok := r.LastAttempt(); ok {
		add("challenged", moment(a.At))
		add("outcome", outcomes[a.Outcome])
	}
	if gone(r) {
		add("gone", moment(r.GoneAt))
	}
	add("created", moment(r.CreatedAt))
	add("updated", moment(r.UpdatedAt))
	add("user id", clean(r.UserID))
	if r.HasSecret() {
		add("secret", "kept until the first verification")
	}
	return rows
}

// labelWidth is the width of the names in a table.
const labelWidth = 12

// table draws rows of a name and a value. A value that is too wide for its
// column, such as an id on a small terminal, has lines for itself.
func table(st styles, rows [][2]string, w int) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		if lipgloss.Width(row[1]) > w-labelWidth {
			lines[i] = st.text.Render(ansi.Hardwrap(row[1], max(1, w), true))
		} else {
			lines[i] = st.dim.Render(column(row[0], labelWidth)) + st.text.Render(column(row[1], w-labelWidth))
		}
	}
	return strings.Join(lines, "\n")
}

// moment is a time exactly and, if w columns are enough for it, how long ago.
func moment(d *session, at time.Time, w int) string {
	if at.IsZero() {
		return "–"
	}
	if both := stamp(at) + " · " + ago(at, d.Now()); lipgloss.Width(both) <= w {
		return both
	}
	return stamp(at)
}
