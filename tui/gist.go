package tui

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos/inspect"
)

// gist is what a call came to, in a few words.
type gist struct {
	text  string
	kind  noticeKind
	short string // where text is too wide; empty to cut that
}

// in is the gist in w columns.
func (g gist) in(w int) string {
	if g.short != "" && lipgloss.Width(g.text) > w {
		g.text = g.short
	}
	return ansi.Truncate(g.text, max(0, w), "…")
}

// responseFields is what the gist is taken from: some of the fields that responses have.
type responseFields struct {
	Valid     *bool  `json:"valid"`
	Code      string `json:"code"`
	Error     string `json:"error"`
	Message   string `json:"message"`
	Object    string `json:"object"`
	ID        string `json:"id"`
	Type      string `json:"type"`
	Email     string `json:"email"`
	ExpiresAt string `json:"expires_at"`
	User      *struct {
		Email string `json:"email"`
	} `json:"user"`
	AccessToken string                                    `json:"access_token"`
	Data        []json.RawMessage                         `json:"data"`
	Factor      *struct{ Type string }                    `json:"authentication_factor"`
	Meta        *struct{ Before, After *json.RawMessage } `json:"list_metadata"`
}

// gistOf tells what a call came to. sms returns the number that the message of a
// challenge went to, empty if there is none.
func gistOf(c inspect.Call, sms func(challengeID string) string) gist {
	var r responseFields
	_ = json.Unmarshal(c.Response.JSON, &r) // of other types there is no gist
	switch {
	case c.Note != "":
		return gist{text: words.Clean(c.Note), kind: warning}
	case !c.Ended:
		return gist{text: "", kind: plain}
	case c.Err != "":
		return gist{text: words.Clean(c.Err), kind: failure}
	case c.Status >= 500:
		return gist{text: words.Clean(cmp.Or(r.Code, r.Error, r.Message)), kind: failure}
	case c.Status >= 400:
		return gist{text: words.Clean(cmp.Or(shortCodes[r.Code], r.Code, r.Error, r.Message)), kind: warning}
	case r.Valid != nil && *r.Valid:
		return gist{text: "✓ valid", kind: success}
	case r.Valid != nil:
		return gist{text: "✗ not valid", kind: failure}
	case r.AccessToken != "" && r.User != nil:
		return gist{text: "signed in: " + words.Clean(r.User.Email), kind: success}
	}
	if to := words.Clean(sms(r.ID)); r.Object == "authentication_challenge" && to != "" {
		return gist{text: "SMS to " + to, short: "SMS to " + ending(to, 4)}
	}
	return gist{text: words.Clean(r.thing(c))}
}

// shortCodes are the errors that a person who tries codes sees most, in their words.
var shortCodes = map[string]string{
	"authentication_challenge_expired":             "expired",
	"authentication_challenge_previously_verified": "already verified",
	"one_time_code_too_many_attempts":              "too many wrong codes",
	"entity_not_found":                             "not found",
}

var typeNames = map[string]string{"totp": "TOTP", "sms": "SMS", "generic_otp": "Generic OTP"}

// thing is what a call that worked was about.
func (r responseFields) thing(c inspect.Call) string {
	switch {
	case r.Object == "list":
		return r.count(c.Path)
	case r.Factor != nil:
		return typeNames[r.Factor.Type] + " factor"
	case r.Object == "authentication_factor":
		return typeNames[r.Type] + " factor"
	case r.Object == "magic_auth":
		return "mail to " + r.Email
	case r.Object == "user":
		return r.Email
	case c.Method == "DELETE":
		return "deleted"
	}
	return ""
}

// count is how many a list has.
func (r responseFields) count(path string) string {
	noun := "item"
	switch last := path[strings.LastIndex(path, "/")+1:]; last {
	case "users":
		noun = "user"
	case "auth_factors":
		noun = "factor"
	case "events":
		noun = "event"
	}
	more := ""
	if r.Meta != nil && r.Meta.After != nil && string(*r.Meta.After) != "null" {
		more = "+"
	}
	if more == "" {
		return english.Plural(len(r.Data), noun, "")
	}
	return fmt.Sprintf("%d%s %ss", len(r.Data), more, noun)
}
