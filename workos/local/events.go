package local

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"mfa-tui/workos"
)

// maxEvents is how many events are kept, the newest ones.
const maxEvents = 1000

// The names of the events that the engine makes. Those of authentication are of a sign-in:
// guess: the verification of a challenge in /auth/challenges makes none, even if its factor
// has a user.
const (
	userCreated      = "user.created"
	userUpdated      = "user.updated"
	userDeleted      = "user.deleted"
	magicAuthCreated = "magic_auth.created"
	mfaSucceeded     = "authentication.mfa_succeeded"
	mfaFailed        = "authentication.mfa_failed"
)

var eventNames = []string{userCreated, userUpdated, userDeleted, magicAuthCreated, mfaSucceeded, mfaFailed}

// foreignEvent is the name of an event that WorkOS has and the engine never makes, by its
// first part: an app that asks for it as well is right.
var foreignEvent = regexp.MustCompile(`^(action|agent|api_key|authentication|connection|dsync|email_verification|flag|group|invitation|` +
	`organization|organization_domain|organization_membership|organization_role|password_reset|permission|pipes|radar|role|session|vault|waitlist_user)(\.[a-z_]+)+$`)

// event is something that has happened, as it is kept and on the wire. The description
// has context too, which is optional.
type event struct {
	Object    string          `json:"object"`
	ID        string          `json:"id"`
	Event     string          `json:"event"`
	Data      json.RawMessage `json:"data"`
	CreatedAt workos.Time     `json:"created_at"`
}

func (e event) place() place { return place{e.CreatedAt.Time, e.ID} }

// emit adds an event, and hands it to Options.OnEvent.
func (r *request) emit(name string, data any) error {
	id, err := r.engine.ids.next(eventPrefix, r.now)
	if err != nil {
		return err
	}
	e := event{Object: "event", ID: id, Event: name, CreatedAt: workos.At(r.now)}
	if e.Data, err = encodePlain(data); err != nil {
		return fmt.Errorf("encode the event %s: %w", name, err)
	}
	r.Events = appended(r.Events, e, maxEvents)
	r.dirty = true
	if r.engine.opts.OnEvent == nil {
		return nil
	}
	body, err := encodePlain(e)
	if err != nil {
		return fmt.Errorf("encode the event %s: %w", name, err)
	}
	r.engine.opts.OnEvent(Event{ID: e.ID, Name: e.Event, Body: body})
	return nil
}

// escape is an escape in JSON. Those of the line separators are Go's own.
var escape = regexp.MustCompile(`\\u202[89]|\\.`)

// encodePlain encodes as JavaScript does, without escapes for HTML: SDKs that are given a
// decoded webhook encode it again to check its signature.
func encodePlain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return escape.ReplaceAllFunc(bytes.TrimSpace(b.Bytes()), func(found []byte) []byte {
		switch string(found) {
		case `\u2028`:
			return []byte("\u2028")
		case `\u2029`:
			return []byte("\u2029")
		}
		return found
	}), err
}

// Event is an event as a webhook has it.
type Event struct {
	ID   string
	Name string // such as user.created
	Body []byte // JSON
}

// mfaEvent is the data of an event of authentication. Address and user agent are the
// person's, as far as the caller tells them.
type mfaEvent struct {
	Type      string    `json:"type"`
	Status    string    `json:"status"`
	IPAddress *string   `json:"ip_address"`
	UserAgent *string   `json:"user_agent"`
	UserID    string    `json:"user_id"`
	Email     string    `json:"email"`
	Error     *mfaError `json:"error,omitempty"`
}

type mfaError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// emitMFA adds the event of a second factor that was right or wrong. The words are those of
// the SDKs' tests, for all that can be wrong with a code: guess.
func (r *request) emitMFA(u *user, in signIn, right bool) error {
	data := mfaEvent{Type: "mfa", Status: "succeeded", IPAddress: in.IPAddress, UserAgent: in.UserAgent, UserID: u.ID, Email: u.Email}
	if right {
		return r.emit(mfaSucceeded, data)
	}
	data.Status, data.Error = "failed", &mfaError{"mfa_challenge_failed", "The MFA challenge has failed."}
	return r.emit(mfaFailed, data)
}

// listEvents answers GET /events. All filters may be missing.
func (r *request) listEvents() response {
	query := r.http.URL.Query()
	if resp := noOrganizations(query); resp != nil {
		return *resp
	}
	names := eventFilter(query)
	for _, name := range names {
		if !slices.Contains(eventNames, name) && !foreignEvent.MatchString(name) {
			return invalid("events", notListed("events")) // the form is the description's; guess: the words
		}
	}
	// guess: the range has its start and not its end.
	since, resp := timeIn(query, "range_start", time.Time{})
	until, resp2 := timeIn(query, "range_end", r.now.AddDate(1000, 0, 0))
	for _, resp := range []*response{resp, resp2} {
		if resp != nil {
			return *resp
		}
	}
	found := slices.DeleteFunc(slices.Clone(newest(r.Events, maxEvents)), func(e event) bool {
		return names != nil && !slices.Contains(names, e.Event) || e.CreatedAt.Before(since) || !e.CreatedAt.Before(until)
	})
	// Without the known ones, a cursor's place is read from its id, so that it is good with
	// other filters too, and when its event is no longer kept.
	return page(r, found, nil, eventPrefix, func(e event) event { return e })
}

// filterName is what SDKs call the filter: events=a,b or events=a&events=b, the latter also
// with [] or with [0] and [1].
var filterName = regexp.MustCompile(`^events(\[[0-9]*\])?$`)

// eventFilter returns the names that a query asks for, nil for all.
func eventFilter(query url.Values) (names []string) {
	for key, values := range query {
		if !filterName.MatchString(key) {
			continue
		}
		for _, name := range strings.Split(strings.Join(values, ","), ",") {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// timeIn is a time or a date in a query. guess: what has no zone is in UTC.
func timeIn(query url.Values, name string, missing time.Time) (time.Time, *response) {
	text := query.Get(name)
	if text == "" {
		return missing, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, new(invalid(name, "invalid")) // guess: no recording
}

// noOrganizations refuses a list of what belongs to an organization: all there is would be
// an answer to something else.
func noOrganizations(query url.Values) *response {
	for _, name := range []string{"organization_id", "organization"} {
		if query.Get(name) != "" {
			return &response{http.StatusBadRequest, problem{Code: codeNotEmulated, Message: name + " is not emulated: the local engine has no organizations."}}
		}
	}
	return nil
}
