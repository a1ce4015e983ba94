// Package emulate is a client of what a local engine has beside the WorkOS API, below
// /_emulate/: its test phone. The engine may be in the same process or a server. A
// client sends no key, and [Client.Find] asks whether a server is such an engine.
package emulate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"mfa-tui/workos"
)

// Header is what each answer of an engine has that WorkOS does not give, so that a client
// knows it.
const Header = "Mfa-Tui-Engine"

const (
	patience    = 2 * time.Second  // with a server that may be anything
	longest     = 30 * time.Second // wait of one request; the engine allows a minute
	maxResponse = 16 << 20         // bytes; 1,000 messages of the longest kind have fewer
)

// Client reads the test phone of an engine. It is safe for concurrent use.
type Client struct {
	base string
	http *http.Client
}

// New returns a client of the engine at a base URL. It makes no call.
func New(baseURL string, transport http.RoundTripper) *Client {
	return &Client{strings.TrimSuffix(baseURL, "/") + "/_emulate", &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Find asks the server once whether it is an engine that lets this client use its tools.
// The error says why not.
func (c *Client) Find(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return c.get(ctx, "/clock", nil, &struct{}{})
}

// Message is a text message.
type Message struct {
	ID          string      `json:"id"`
	To          string      `json:"to"`
	Body        string      `json:"body"`
	Code        string      `json:"code"` // empty if the body does not have it
	ChallengeID string      `json:"challenge_id"`
	FactorID    string      `json:"factor_id"`
	SentAt      workos.Time `json:"sent_at"`
}

// Messages returns the text messages that were sent, newest first: those after since, the
// id of a message or a time, unless that is empty.
func (c *Client) Messages(ctx context.Context, since string) (all []Message, err error) {
	err = c.get(ctx, "/sms", newer(since), &all)
	return all, err
}

func newer(since string) url.Values {
	if since == "" {
		return url.Values{}
	}
	return url.Values{"since": {since}}
}

// Next waits for text messages after since and returns them in the order in which they
// were sent.
func (c *Client) Next(ctx context.Context, since string) ([]Message, error) {
	query := newer(since)
	query.Set("wait", longest.String())
	for {
		var all []Message
		switch err := c.get(ctx, "/sms", query, &all); {
		case err != nil:
			return nil, err
		case len(all) > 0:
			slices.Reverse(all)
			return all, nil
		}
	}
}

// SMS returns the message of a challenge and the code in it, empty if none has arrived.
func (c *Client) SMS(ctx context.Context, challengeID string) (body, code string, err error) {
	var all []Message
	if err := c.get(ctx, "/sms", url.Values{"challenge": {challengeID}}, &all); err != nil || len(all) == 0 {
		return "", "", err
	}
	return all[0].Body, all[0].Code, nil
}

// Code is what the phone shows for a factor.
type Code struct {
	Code        string      `json:"code"`         // empty if there is none
	Next        string      `json:"next"`         // of an authenticator app
	Now         workos.Time `json:"now"`          // at the engine
	ExpiresAt   workos.Time `json:"expires_at"`   // when the app shows the next code
	ChallengeID string      `json:"challenge_id"` // the newest of an SMS factor, empty if there is none
	Body        string      `json:"body"`         // the message of this challenge, empty if none has arrived
}

// Code returns what the phone shows for a factor.
func (c *Client) Code(ctx context.Context, factorID string) (code Code, err error) {
	err = c.get(ctx, codePath(factorID), nil, &code)
	return code, err
}

// AwaitCode waits, as long as wait, for a code that would be accepted, in a message after
// since unless that is empty. It reports whether there is one.
func (c *Client) AwaitCode(ctx context.Context, factorID, since string, wait time.Duration) (code Code, found bool, err error) {
	query := newer(since)
	for end := time.Now().Add(wait); ; {
		left := max(0, time.Until(end))
		query.Set("wait", min(left, longest).String())
		err := c.get(ctx, codePath(factorID), query, &code)
		if err != nil || code.Code != "" || left <= longest {
			return code, code.Code != "", err
		}
	}
}

func codePath(factorID string) string { return "/factors/" + url.PathEscape(factorID) + "/code" }

// AuthenticatorCode returns the code that an authenticator app shows now for a TOTP
// factor, the next one, and when it shows that: a time of this computer's clock, even if
// the engine's has been moved.
func (c *Client) AuthenticatorCode(ctx context.Context, factorID string) (code, next string, until time.Time, err error) {
	shown, err := c.Code(ctx, factorID)
	return shown.Code, shown.Next, time.Now().Add(shown.ExpiresAt.Sub(shown.Now.Time)).Round(time.Second), err
}

// get reads what a path answers into v, which stays as it is if that is nothing (204).
func (c *Client) get(ctx context.Context, path string, query url.Values, v any) error {
	target := c.base + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return fmt.Errorf("test phone: %w", err)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("test phone: %w", err)
	}
	defer resp.Body.Close()
	if resp.Header.Get(Header) == "" {
		return errors.New("test phone: this server is no local engine")
	}
	if resp.StatusCode == http.StatusNoContent {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	if err != nil {
		return fmt.Errorf("test phone: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		var problem struct{ Message string }
		if json.Unmarshal(body, &problem) != nil || problem.Message == "" {
			problem.Message = resp.Status
		}
		return fmt.Errorf("test phone: %s", problem.Message)
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("test phone: read the response: %w", err)
	}
	return nil
}
