package factors

import (
	"slices"
	"strings"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors/phone"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// TypeName is a type of factor as people call it.
func TypeName(t workos.FactorType) string { return words.Clean(t.Name()) }

// ShortTypeName is TypeName for a narrow column.
func ShortTypeName(t workos.FactorType) string { return strings.TrimPrefix(TypeName(t), "Generic ") }

// Name is the name of a factor: its label, or what it was enrolled with.
func Name(r store.Record) string {
	if label := words.Clean(r.Label); label != "" {
		return label
	}
	return EnrolledName(r.Factor)
}

// EnrolledName is what a factor was enrolled with.
func EnrolledName(f workos.Factor) string {
	switch {
	case f.TOTP != nil && f.TOTP.Issuer+f.TOTP.User != "":
		return strings.Trim(words.Clean(f.TOTP.Issuer)+" · "+words.Clean(f.TOTP.User), " ·")
	case f.SMS != nil:
		return words.Clean(f.SMS.PhoneNumber)
	case f.Type == workos.GenericOTP:
		return TypeName(f.Type)
	}
	return words.Clean(f.ID)
}

// NameAndDetails is the name of a factor, and what else says which one it is, which
// does not repeat the name and may be empty.
func NameAndDetails(r store.Record) (name, details string) {
	var issuer, user string
	if r.TOTP != nil {
		issuer, user = words.Clean(r.TOTP.Issuer), words.Clean(r.TOTP.User)
	}
	name, details = words.Clean(r.Label), EnrolledName(r.Factor)
	switch {
	case name == "" && issuer != "", name != "" && name == issuer:
		return issuer, user
	case name != "" && name == user:
		return name, issuer
	case name == "", name == details:
		return details, ""
	}
	return name, details
}

// FullName is a factor's name with its ID.
func FullName(r store.Record) string {
	if name := Name(r); name != words.Clean(r.ID) {
		return name + " (" + words.Clean(r.ID) + ")"
	}
	return words.Clean(r.ID)
}

// ToEnroll is the factor that an enrollment will make, as far as it is known.
func ToEnroll(o workos.EnrollFactorOpts) workos.Factor {
	f := workos.Factor{Type: o.Type, UserID: o.UserID}
	switch o.Type {
	case workos.TOTP:
		f.TOTP = &workos.TOTPDetails{Issuer: o.TOTPIssuer, User: o.TOTPUser}
	case workos.SMS:
		f.SMS = &workos.SMSDetails{PhoneNumber: o.PhoneNumber}
	}
	return f
}

// Masked is a factor with only the last four digits of its phone number, for where
// others may look on.
func Masked(f workos.Factor) workos.Factor {
	if f.SMS != nil {
		f.SMS = &workos.SMSDetails{PhoneNumber: phone.Mask(Phone(f))}
	}
	return f
}

// LastDigits is a masked phone number where there is little room: "…0006".
func LastDigits(f workos.Factor) string { return phone.End(Phone(f)) }

// Phone is the phone number of a factor as people read it, empty if it has none.
func Phone(f workos.Factor) string {
	if f.SMS == nil {
		return ""
	}
	return words.Clean(phone.Format(f.SMS.PhoneNumber))
}

// ResultName is the result of a challenge in a word or two.
func ResultName(o store.Outcome) string {
	switch o {
	case store.OutcomeOpen:
		return "not answered"
	case store.OutcomeAlreadyVerified:
		return "already used"
	case store.OutcomeTooManyAttempts:
		return "too many tries"
	}
	return strings.ReplaceAll(words.Clean(string(o)), "_", " ") // verified, wrong code, expired
}

// ending says why a challenge takes no more codes, empty if it does.
func ending(o store.Outcome) string {
	switch o {
	case store.OutcomeExpired:
		return "the challenge has expired"
	case store.OutcomeAlreadyVerified:
		return "the challenge is already verified, and a code works only once"
	case store.OutcomeTooManyAttempts:
		return "too many wrong codes on this challenge"
	}
	return ""
}

// State says how a factor stands: the result of its last challenge, unless something
// else matters more.
type State int

// The states.
const (
	Unchallenged State = iota // as far as this list knows
	Unanswered                // the last challenge waits for a code
	Verified
	Failed // the last challenge did: a wrong code, or too many
	Expired
	Gone     // no longer known at WorkOS
	Unlisted // not in the factor file
	Unsaved  // could not be written to the factor file yet
)

// Mark stands before the words for a state, so that colour alone need not tell it.
func (s State) Mark() string {
	switch s {
	case Verified:
		return "✓"
	case Failed, Gone:
		return "✗"
	case Expired, Unsaved:
		return "!"
	}
	return "–"
}

// ResultState is the state after a challenge with this result.
func ResultState(o store.Outcome) State {
	switch o {
	case store.OutcomeVerified:
		return Verified
	case store.OutcomeExpired:
		return Expired
	case store.OutcomeOpen:
		return Unanswered
	}
	return Failed
}

// standing is a state with the words for it.
type standing struct {
	state    State
	words    string
	at       time.Time // since when, zero if that would say nothing
	verified time.Time // before the last challenge failed, zero if it never was
}

// standing is how a factor stands.
func (l *List) standing(r store.Record) standing {
	switch {
	case slices.ContainsFunc(l.Store.Unsaved(), func(u store.Record) bool { return u.ID == r.ID }):
		return standing{state: Unsaved, words: "not saved"}
	case !l.Listed(r.ID):
		return standing{state: Unlisted, words: "not on your list"}
	case !r.GoneAt.IsZero():
		return standing{state: Gone, words: "gone at " + l.Service()}
	}
	return challenged(r)
}

// challenged is how a factor stands by its challenges alone.
func challenged(r store.Record) standing {
	last, ok := r.LastAttempt()
	switch state := ResultState(last.Outcome); {
	case !r.VerifiedAt.IsZero() && (!ok || state == Verified):
		return standing{state: Verified, words: ResultName(store.OutcomeVerified), at: r.VerifiedAt.Time}
	case !ok: // here; it may have been elsewhere
		return standing{state: Unchallenged, words: "not challenged yet"}
	case state == Unanswered: // "not answered just now" would say something else
		return standing{state: state, words: ResultName(last.Outcome), verified: r.VerifiedAt.Time}
	default:
		return standing{state, ResultName(last.Outcome), last.At.Time, r.VerifiedAt.Time}
	}
}

// parts are the words with their times, the most important first.
func (s standing) parts(moment func(time.Time) string) []string {
	parts := []string{s.words}
	if !s.at.IsZero() {
		parts[0] += " " + moment(s.at)
	}
	if !s.verified.IsZero() {
		parts = append(parts, ResultName(store.OutcomeVerified)+" "+moment(s.verified))
	}
	return parts
}

// State returns the state of a factor, and the words for it.
func (l *List) State(r store.Record) (State, string) {
	return l.StateAt(r, func(t time.Time) string { return words.Ago(t, l.Now()) })
}

// StateAt is State with times as moment writes them.
func (l *List) StateAt(r store.Record, moment func(time.Time) string) (State, string) {
	s := l.standing(r)
	return s.state, strings.Join(s.parts(moment), ", ")
}

// StateWords are the words of State without times, to search in.
func (l *List) StateWords(r store.Record) string {
	return strings.Join(l.standing(r).parts(func(time.Time) string { return "" }), " ")
}

// StateForms is State for a column, with its mark: forms from the longest to the shortest,
// all of which tell an earlier verification.
func (l *List) StateForms(r store.Record) (State, []string) { return l.standing(r).forms(l.Now()) }

// ResultForms is StateForms by the challenges alone, for a factor that may not be on the
// list.
func (l *List) ResultForms(r store.Record) (State, []string) { return challenged(r).forms(l.Now()) }

func (s standing) forms(now time.Time) (State, []string) {
	parts := s.parts(func(t time.Time) string { return words.ShortAgo(t, now) })
	mark, earlier := s.state.Mark()+" ", " · "+Verified.Mark()
	forms := []string{mark + strings.Join(parts, " · ")}
	if len(parts) > 1 {
		forms = append(forms, mark+strings.TrimSuffix(parts[0], " ago")+earlier, mark+s.words+earlier)
	}
	return s.state, forms
}

// A Fact is a name and a value.
type Fact [2]string

// Facts is all that is known of a factor but its secret and its challenges, the most
// important first.
// moment writes a time.
func (l *List) Facts(r store.Record, moment func(time.Time) string) []Fact {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return moment(t)
	}
	var totp workos.TOTPDetails
	if r.TOTP != nil {
		totp = *r.TOTP
	}
	verified, secret := at(r.VerifiedAt.Time), ""
	if verified == "" && len(r.History) > 0 { // else it is not known
		verified = "never"
	}
	if r.HasSecret() {
		secret = "kept until the first verification"
	}
	facts := []Fact{
		{"ID", words.Clean(r.ID)}, {"type", TypeName(r.Type)}, {"label", words.Clean(r.Label)},
		{"issuer", words.Clean(totp.Issuer)}, {"user", words.Clean(totp.User)}, {"phone", Phone(r.Factor)},
		{"verified", verified}, {"gone", at(r.GoneAt.Time)},
		{"created", moment(r.CreatedAt.Time)}, {"updated", moment(r.UpdatedAt.Time)}, {"user ID", words.Clean(r.UserID)}, {"secret", secret},
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f[1] == "" })
}
