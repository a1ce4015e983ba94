package workos

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// DefaultBaseURL is WorkOS's own API.
const DefaultBaseURL = "https://api.workos.com"

const (
	defaultUserAgent = "mfa-tui"
	defaultTimeout   = 15 * time.Second
	defaultRetryWait = 200 * time.Millisecond
	retries          = 3
	// maxRetryAfter is the longest wait that the API may ask for. Before a longer
	// one, the caller decides.
	maxRetryAfter = 5 * time.Second
	maxResponse   = 1 << 20 // bytes
)

// ClientOpts configures a [Client].
type ClientOpts struct {
	APIKey    string            // required
	BaseURL   string            // DefaultBaseURL by default; see ParseBaseURL
	PlainHTTP []string          // hosts for ParseBaseURL
	Transport http.RoundTripper // sees every attempt; NewTransport() by default
	UserAgent string            // "mfa-tui" by default
	Timeout   time.Duration     // of one attempt; 15 s by default
	RetryWait time.Duration     // before the second attempt, growing from there; 200 ms by default
	Now       func() time.Time  // this machine's clock, for ClockSkew; time.Now by default
}

// Client calls the WorkOS API. It is safe for concurrent use.
type Client struct {
	apiKey, baseURL, userAgent string
	timeout                    time.Duration // of one attempt
	http                       *retryablehttp.Client
	clock                      serverClock
}

// NewClient returns a client. It makes no call.
func NewClient(opts ClientOpts) (*Client, error) {
	if opts.APIKey == "" {
		return nil, errors.New("no API key")
	}
	base := strings.TrimSuffix(cmp.Or(opts.BaseURL, DefaultBaseURL), "/")
	if _, err := ParseBaseURL(base, opts.PlainHTTP...); err != nil {
		return nil, err
	}
	transport := opts.Transport
	if transport == nil {
		transport = NewTransport()
	}
	now := opts.Now
	if now == nil {
		now = time.Now
	}
	wait, timeout := cmp.Or(opts.RetryWait, defaultRetryWait), cmp.Or(opts.Timeout, defaultTimeout)
	return &Client{
		apiKey: opts.APIKey, baseURL: base, userAgent: cmp.Or(opts.UserAgent, defaultUserAgent), clock: serverClock{now: now}, timeout: timeout,
		http: &retryablehttp.Client{
			HTTPClient: &http.Client{
				Transport: transport,
				Timeout:   timeout,
				// The key must not follow to where a response points.
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			},
			RetryMax: retries, RetryWaitMin: wait, RetryWaitMax: 4 * wait,
			CheckRetry:   checkRetry,
			Backoff:      backoff,
			ErrorHandler: retryablehttp.PassthroughErrorHandler,
		},
	}, nil
}

// NewTransport returns a copy of http.DefaultTransport that says of a proxy's refusal
// to connect that it is the proxy's.
func NewTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
		if resp.StatusCode == http.StatusOK {
			return nil
		}
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New(plain(resp.Status))}
	}
	return t
}

// ErrUnencrypted is the error of a base URL that would send the API key unencrypted.
var ErrUnencrypted = errors.New("use https, http would send the API key unencrypted; http works only for this machine")

// ParseBaseURL checks and parses the URL of an API. Plain http is for this machine
// and for the hosts in plainHTTP, with or without a port; see [ErrUnencrypted].
func ParseBaseURL(base string, plainHTTP ...string) (*url.URL, error) {
	// Such a URL may hold a password, also where url.Parse sees none, as in
	// http://user:1/2@host. So no error has it, not even in part.
	if strings.ContainsAny(base, "@?#") || strings.Contains(base, "%40") {
		return nil, fmt.Errorf("the base URL has a user name, a password or a query, and can have none: want one like %s", DefaultBaseURL)
	}
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("base URL %q: want one like %s", base, DefaultBaseURL)
	}
	allowed := func(host string) bool {
		return strings.EqualFold(host, u.Host) || strings.EqualFold(host, u.Hostname())
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "https" || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() || slices.ContainsFunc(plainHTTP, allowed) {
		return u, nil
	}
	return nil, fmt.Errorf("base URL %q: %w", base, ErrUnencrypted)
}

// EnrollFactorOpts is a factor to enroll. A TOTP factor needs TOTPIssuer and
// TOTPUser, an SMS factor PhoneNumber in E.164.
type EnrollFactorOpts struct {
	Type           FactorType `json:"type"`
	TOTPIssuer     string     `json:"totp_issuer,omitempty"`
	TOTPUser       string     `json:"totp_user,omitempty"`
	PhoneNumber    string     `json:"phone_number,omitempty"`
	UserID         string     `json:"user_id,omitempty"`
	IdempotencyKey string     `json:"-"`
}

// EnrollFactor enrolls a factor: POST /auth/factors/enroll.
func (c *Client) EnrollFactor(ctx context.Context, opts EnrollFactorOpts) (Factor, error) {
	var f Factor
	err := c.do(ctx, call{method: http.MethodPost, path: "/auth/factors/enroll", body: opts, key: opts.IdempotencyKey, out: &f, fill: func() {
		f.TOTP.fillSecret()
	}})
	return f, err
}

// GetFactorOpts names a factor.
type GetFactorOpts struct{ FactorID string }

// GetFactor reads a factor, without its secrets: GET /auth/factors/{id}. Its ID
// is the one in opts, whatever the response says.
func (c *Client) GetFactor(ctx context.Context, opts GetFactorOpts) (Factor, error) {
	var f Factor
	err := c.do(ctx, call{method: http.MethodGet, path: "/auth/factors/{id}", id: opts.FactorID, out: &f, fill: func() {
		f.TOTP.fillSecret()
		if f.ID != "" || f.Type != "" { // any other object is not a factor
			f.ID = opts.FactorID
		}
	}})
	return f, err
}

// DeleteFactorOpts names a factor.
type DeleteFactorOpts struct{ FactorID string }

// DeleteFactor deletes a factor permanently: DELETE /auth/factors/{id}.
func (c *Client) DeleteFactor(ctx context.Context, opts DeleteFactorOpts) error {
	return c.do(ctx, call{method: http.MethodDelete, path: "/auth/factors/{id}", id: opts.FactorID})
}

// ChallengeFactorOpts names a factor to challenge. SMSTemplate is the message of
// an SMS factor, in which {{code}} becomes the code.
type ChallengeFactorOpts struct {
	FactorID       string `json:"-"`
	SMSTemplate    string `json:"sms_template,omitempty"`
	IdempotencyKey string `json:"-"`
}

// ChallengeFactor starts a challenge: POST /auth/factors/{id}/challenge.
func (c *Client) ChallengeFactor(ctx context.Context, opts ChallengeFactorOpts) (Challenge, error) {
	var ch Challenge
	err := c.do(ctx, call{method: http.MethodPost, path: "/auth/factors/{id}/challenge", id: opts.FactorID, body: opts, key: opts.IdempotencyKey, out: &ch, fill: func() {
		ch.FactorID = cmp.Or(ch.FactorID, opts.FactorID)
	}})
	return ch, err
}

// VerifyChallengeOpts is a code for a challenge.
type VerifyChallengeOpts struct {
	ChallengeID    string `json:"-"`
	Code           string `json:"code"`
	IdempotencyKey string `json:"-"`
}

// VerifyChallenge checks a code: POST /auth/challenges/{id}/verify.
func (c *Client) VerifyChallenge(ctx context.Context, opts VerifyChallengeOpts) (Verification, error) {
	var v wireVerification
	err := c.do(ctx, call{method: http.MethodPost, path: "/auth/challenges/{id}/verify", id: opts.ChallengeID, body: opts, key: opts.IdempotencyKey, out: &v, fill: func() {
		v.Challenge.ID = cmp.Or(v.Challenge.ID, opts.ChallengeID)
		v.Challenge.FactorID = cmp.Or(v.Challenge.FactorID, v.Challenge.OtherID)
	}})
	var api *Error
	switch {
	case errors.As(err, &api) && api.Code == codeInvalidOneTimeCode: // a wrong code at the official emulator
		return Verification{Challenge: Challenge{ID: opts.ChallengeID}}, nil
	case err != nil:
		return Verification{}, err
	}
	return Verification{Challenge: v.Challenge.Challenge, Valid: *v.Valid}, nil
}

// call is one call of the API.
type call struct {
	method, path string
	id           string // for {id} in path
	query        url.Values
	body         any // of a POST
	key          string
	out          response // what the response is decoded into; nil for none
	fill         func()   // see decode
}

// do makes a call, with retries, and decodes the response.
func (c *Client) do(ctx context.Context, call call) error {
	path := call.path
	if strings.Contains(path, "{id}") {
		if call.id == "" || call.id == "." || call.id == ".." {
			return fmt.Errorf("%s %s: %q is not an ID", call.method, call.path, call.id)
		}
		path = strings.Replace(path, "{id}", url.PathEscape(call.id), 1)
	}
	req, err := c.request(ctx, call, path)
	if err != nil {
		return err
	}
	began := time.Now() // as the context counts
	resp, err := c.http.Do(req)
	p := progressOf(req.Context())
	uncertain := p.lost && call.method != http.MethodGet
	if err != nil && (resp == nil || ctx.Err() != nil) {
		e := noResponse(ctx, call.method, path, err, uncertain)
		e.RequestID = p.requestID
		if deadline, ok := ctx.Deadline(); ok && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			e.Timeout = deadline.Sub(began)
		} else if errors.Is(err, context.DeadlineExceeded) {
			e.Timeout = c.timeout
		}
		return e
	}
	c.clock.see(resp.Header.Get("Date"))
	switch {
	case resp.StatusCode == http.StatusNotFound && call.method == http.MethodDelete && p.attempts > 1 && !foreign404(resp.StatusCode, p.body):
		return nil // the first attempt worked, but its response was lost
	case !successful(resp):
		return newError(call.method, path, resp, p.body, uncertain)
	case err != nil:
	case call.out != nil:
		err = decode(p.body, call.out, call.fill)
	case isPage(p.body): // this was not the API, so nothing is done
		err = errPage
	}
	if err != nil {
		return &Error{
			Method: call.method, Path: path, StatusCode: resp.StatusCode, RequestID: requestID(resp), Message: err.Error(), Err: err,
			Uncertain: call.method != http.MethodGet, Intercepted: errors.Is(err, errPage),
		}
	}
	return nil
}

func (c *Client) request(ctx context.Context, call call, path string) (*retryablehttp.Request, error) {
	var body []byte
	if call.method == http.MethodPost {
		var err error
		if body, err = json.Marshal(call.body); err != nil {
			return nil, fmt.Errorf("%s %s: %w", call.method, path, err)
		}
	}
	target := c.baseURL + path
	if len(call.query) > 0 {
		target += "?" + call.query.Encode()
	}
	req, err := retryablehttp.NewRequestWithContext(withProgress(ctx, call.out != nil), call.method, target, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", call.method, path, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.apiKey)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", cmp.Or(call.key, rand.Text()))
	}
	return req, nil
}
