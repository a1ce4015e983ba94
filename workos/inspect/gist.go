package inspect

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/workos"
)

// Gist is what matters of a response, in a few words: of a wrong and of a right code
// the status is the same.
type Gist struct {
	Verdict Verdict
	Text    string // empty if the status says all; may have characters that can't be seen
}

// Verdict is whether a response is what the caller hoped for.
type Verdict int

// The verdicts.
const (
	Neutral Verdict = iota
	Good            // a right code, or signed in
	Bad             // a wrong code
	Refused         // the status says so too, or a note of the server
	Failed          // the service did, or there is no response
)

// Mark is a sign for a verdict, empty if the status says as much.
func (v Verdict) Mark() string { return [...]string{"", "✓", "✗", "", ""}[v] }

// String is the text behind its mark.
func (g Gist) String() string { return strings.TrimSpace(g.Verdict.Mark() + " " + g.Text) }

// gistFields are the fields of all responses that a gist is made of.
type gistFields struct {
	Object string            `json:"object"`
	Type   workos.FactorType `json:"type"`
	Email  string            `json:"email"`
	Valid  *bool             `json:"valid"`
	Data   []struct {
		Object string `json:"object"`
	} `json:"data"`
	User struct {
		Email string `json:"email"`
	} `json:"user"`
	Token  string `json:"access_token"`
	Factor struct {
		Type workos.FactorType `json:"type"`
	} `json:"authentication_factor"`

	Code        string `json:"code"`
	Message     string `json:"message"`
	Error       string `json:"error"`
	Description string `json:"error_description"`
	Errors      []any  `json:"errors"`
}

// Gist returns the gist of the call's response, the zero value while there is none. If
// the server noted something, that is the gist.
func (c Call) Gist() Gist {
	switch {
	case !c.Ended:
		return Gist{}
	case c.gist != nil:
		return c.gist()
	}
	return c.readGist()
}

func (c Call) readGist() Gist {
	var f gistFields
	json.Unmarshal(c.Response.JSON, &f) // whatever has another type stays empty
	switch {
	case c.Status == 0 || c.Status >= 500:
		return Gist{Failed, cmp.Or(c.Note, f.problem(), c.Err, c.Response.Note)}
	case c.Note == "" && f.Code == "invalid_one_time_code":
		return Gist{Bad, f.Code}
	case c.Note != "" || c.Status >= 400:
		return Gist{Refused, cmp.Or(c.Note, f.problem(), c.Err, c.Response.Note)}
	case f.Valid != nil && *f.Valid:
		return Gist{Good, "valid"}
	case f.Valid != nil:
		return Gist{Bad, "not valid"}
	case f.Token != "":
		return Gist{Good, strings.TrimSuffix("signed in as "+f.User.Email, " as ")}
	case f.Object == "list":
		return Gist{Text: f.count()}
	case f.Object == "authentication_challenge":
		return Gist{Text: "challenge"}
	case c.Method == "DELETE":
		return Gist{Text: "deleted"}
	case f.Object == "magic_auth":
		return Gist{Text: "e-mail to " + f.Email}
	}
	if t := cmp.Or(f.Factor.Type, f.Type); t != "" {
		return Gist{Text: t.Name() + " factor"}
	}
	return Gist{Text: cmp.Or(f.Email, c.Err, c.Response.Note)}
}

// count is how many there are of what a list has.
func (f gistFields) count() string {
	object := "item"
	if len(f.Data) > 0 {
		object = cmp.Or(strings.TrimPrefix(f.Data[0].Object, "authentication_"), object)
	}
	return english.Plural(len(f.Data), object, "")
}

// problem is the code of an error. Where the code says only that some field is wrong, it
// is what is wrong with the first.
func (f gistFields) problem() string {
	code := cmp.Or(f.Code, f.Error)
	if (code == "" || code == "invalid_request_parameters") && len(f.Errors) > 0 {
		code = cmp.Or(problemOf(f.Errors[0]), code)
	}
	return cmp.Or(code, f.Message, f.Description)
}

// problemOf is one of the errors of a response: an object, or a text.
func problemOf(detail any) string {
	if fields, ok := detail.(map[string]any); ok {
		code, _ := fields["code"].(string)
		message, _ := fields["message"].(string)
		return cmp.Or(code, message)
	}
	text, _ := detail.(string)
	return text
}
