package main

import (
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
)

// cleaned writes text without what a terminal would obey or hide, whoever wrote it:
// all output of the program but pictures and screens goes through one.
type cleaned struct{ to io.Writer }

func (c cleaned) Write(text []byte) (int, error) {
	if _, err := io.WriteString(c.to, words.CleanLines(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// raw is the stream behind a writer of text, for pictures and screens.
func raw(stream any) any {
	if c, ok := stream.(cleaned); ok {
		return c.to
	}
	return stream
}

// rawWriter is raw for writing.
func rawWriter(w io.Writer) io.Writer { return raw(w).(io.Writer) }

// factorState says in a word or two what state a factor is in, and since when.
func factorState(r store.Record) string {
	switch {
	case !r.GoneAt.IsZero():
		return "gone " + stamp(r.GoneAt.Time)
	case !r.VerifiedAt.IsZero():
		return "verified " + stamp(r.VerifiedAt.Time)
	}
	return "never verified"
}

// stamp writes a time exactly, in UTC.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// columns aligns the cells of rows, without spaces at the ends of lines.
func columns(rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				_, _ = w.Write([]byte{'\t'}) // a strings.Builder does not fail
			}
			_, _ = w.Write([]byte(words.Clean(cell)))
		}
		_, _ = w.Write([]byte{'\n'})
	}
	_ = w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

// details writes pairs of a name and a value, without those that have no value.
func details(pairs ...string) string {
	var rows [][]string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			rows = append(rows, pairs[i:i+2])
		}
	}
	return columns(rows)
}

// factorDetails writes everything that is known of a factor, except its secret.
func factorDetails(r store.Record) string {
	var issuer, user, phone, outcome string
	if r.TOTP != nil {
		issuer, user = r.TOTP.Issuer, r.TOTP.User
	}
	if r.SMS != nil {
		phone = r.SMS.PhoneNumber
	}
	if a, ok := r.LastAttempt(); ok {
		outcome = a.ChallengeID + " " + strings.ReplaceAll(string(a.Outcome), "_", " ")
	}
	secret := ""
	if r.HasSecret() {
		secret = "kept until the first verification"
	}
	return details("id", r.ID, "type", string(r.Type), "label", r.Label, "issuer", issuer, "user", user, "phone", phone,
		"state", factorState(r), "challenge", outcome, "created", momentOf(r.CreatedAt.Time), "updated", momentOf(r.UpdatedAt.Time),
		"user id", r.UserID, "secret", secret)
}

func momentOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// agoOf is how long ago a time was, empty if it is not known.
func agoOf(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	return words.Ago(t, now)
}
