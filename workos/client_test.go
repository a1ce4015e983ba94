package workos_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"mfa-tui/workos"
)

const testKey = "sk_test_secret_1"

// server answers like an API, and keeps what it was asked.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	asked   []*http.Request
	bodies  []string
	answers []func(http.ResponseWriter, *http.Request) // one a request; the last one stays
}

func newServer(t testing.TB, answers ...func(http.ResponseWriter, *http.Request)) *server {
	s := &server{answers: answers}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.asked, s.bodies = append(s.asked, r), append(s.bodies, string(body))
		answer := s.answers[min(len(s.asked), len(s.answers))-1]
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) client(t testing.TB) *workos.Client {
	t.Helper()
	c, err := workos.NewClient(workos.ClientOpts{APIKey: testKey, BaseURL: s.URL, RetryWait: time.Microsecond, UserAgent: "test/1"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// say answers with a status, a body and headers.
func say(status int, body string, header ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-ID", "req_1")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// hangUp breaks the connection off.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

// breakOff begins an answer as long as it says, and hangs up in the body.
func breakOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", strconv.Itoa(len(smsJSON)))
	w.Header().Set("X-Request-ID", "req_1")
	w.WriteHeader(201)
	io.WriteString(w, smsJSON[:40])
}

// stall begins an answer and never ends it.
func stall(w http.ResponseWriter, r *http.Request) {
	breakOff(w, r)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// at is a time of the recorded answers.
var at = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

const (
	times = `"created_at":"2026-01-15T12:00:00.000Z","updated_at":"2026-01-15T12:00:00.000Z"`

	totpJSON  = `{"object":"authentication_factor","id":"auth_factor_1","type":"totp","user_id":"user_1","totp":{"issuer":"Foo","user":"a@b.co","secret":"JBSWY3DPEHPK3PXP","qr_code":"data:image/png;base64,AA==","uri":"otpauth://totp/x"},"new_field":{"a":[1]},` + times + `}`
	smsJSON   = `{"object":"authentication_factor","id":"auth_factor_2","type":"sms","sms":{"phone_number":"+15005550006"},"totp":null,` + times + `}`
	challJSON = `{"object":"authentication_challenge","id":"auth_challenge_1","authentication_factor_id":"auth_factor_2","expires_at":"2026-01-15T12:10:00.000Z",` + times + `}`
)

var (
	totpFactor = workos.Factor{ID: "auth_factor_1", Type: workos.TOTP, UserID: "user_1", CreatedAt: workos.At(at), UpdatedAt: workos.At(at),
		TOTP: &workos.TOTPDetails{Issuer: "Foo", User: "a@b.co", Secret: "JBSWY3DPEHPK3PXP", QRCode: "data:image/png;base64,AA==", URI: "otpauth://totp/x"}}
	smsFactor = workos.Factor{ID: "auth_factor_2", Type: workos.SMS, CreatedAt: workos.At(at), UpdatedAt: workos.At(at), SMS: &workos.SMSDetails{PhoneNumber: "+15005550006"}}
	challenge = workos.Challenge{ID: "auth_challenge_1", FactorID: "auth_factor_2", ExpiresAt: workos.At(at.Add(10 * time.Minute)), CreatedAt: workos.At(at), UpdatedAt: workos.At(at)}
)

// secretInURI is a factor of a user whose response had its secret only in the URI.
func secretInURI(user string) workos.Factor {
	return workos.Factor{ID: "f", UserID: user, TOTP: &workos.TOTPDetails{Secret: "JBSWY3DPEHPK3PXP", URI: "otpauth://totp/Foo:a?issuer=Foo&secret=JBSWY3DPEHPK3PXP%3D"}}
}

// Each method sends what the API's description says and reads its answer.
func TestMethods(t *testing.T) {
	ctx := context.Background()
	tests := []struct {
		name, method, path, body string
		status                   int
		answer                   string
		call                     func(*workos.Client) (any, error)
		want                     any
	}{
		{"enroll totp", "POST", "/auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo","totp_user":"a@b.co","user_id":"user_1"}`, 201, totpJSON,
			func(c *workos.Client) (any, error) {
				return c.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo", TOTPUser: "a@b.co", UserID: "user_1"})
			}, totpFactor},
		{"enroll totp, the secret only in the URI", "POST", "/auth/factors/enroll", `{"type":"totp"}`, 201, `{"id":"f","totp":{"uri":"otpauth://totp/Foo:a?issuer=Foo&secret=JBSWY3DPEHPK3PXP%3D"}}`,
			func(c *workos.Client) (any, error) {
				return c.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.TOTP})
			}, secretInURI("")},
		{"enroll sms", "POST", "/auth/factors/enroll", `{"type":"sms","phone_number":"+15005550006"}`, 201, smsJSON,
			func(c *workos.Client) (any, error) {
				return c.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"})
			}, smsFactor},
		{"get", "GET", "/auth/factors/auth_factor_2", "", 200, smsJSON,
			func(c *workos.Client) (any, error) {
				return c.GetFactor(ctx, workos.GetFactorOpts{FactorID: "auth_factor_2"})
			}, smsFactor},
		{"get escapes the id", "GET", "/auth/factors/a%2Fb%3Fc", "", 200, smsJSON,
			func(c *workos.Client) (any, error) {
				return c.GetFactor(ctx, workos.GetFactorOpts{FactorID: "a/b?c"})
			}, workos.Factor{ID: "a/b?c", Type: workos.SMS, CreatedAt: workos.At(at), UpdatedAt: workos.At(at), SMS: smsFactor.SMS}},
		{"get without an id", "GET", "/auth/factors/f", "", 200, `{"type":"totp"}`,
			func(c *workos.Client) (any, error) {
				return c.GetFactor(ctx, workos.GetFactorOpts{FactorID: "f"})
			}, workos.Factor{ID: "f", Type: workos.TOTP}},
		{"delete", "DELETE", "/auth/factors/auth_factor_2", "", 204, "",
			func(c *workos.Client) (any, error) {
				return nil, c.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: "auth_factor_2"})
			}, nil},
		{"delete answered 200", "DELETE", "/auth/factors/auth_factor_2", "", 200, "OK",
			func(c *workos.Client) (any, error) {
				return nil, c.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: "auth_factor_2"})
			}, nil},
		{"challenge sms", "POST", "/auth/factors/auth_factor_2/challenge", `{"sms_template":"It is {{code}}"}`, 201, challJSON,
			func(c *workos.Client) (any, error) {
				return c.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: "auth_factor_2", SMSTemplate: "It is {{code}}"})
			}, challenge},
		{"challenge totp has no end", "POST", "/auth/factors/f/challenge", `{}`, 201, `{"id":"auth_challenge_1","authentication_factor_id":"f"}`,
			func(c *workos.Client) (any, error) {
				return c.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: "f"})
			}, workos.Challenge{ID: "auth_challenge_1", FactorID: "f"}},
		{"challenge generic has a code", "POST", "/auth/factors/f/challenge", `{}`, 201, `{"id":"c","authentication_factor_id":"f","code":"012345"}`,
			func(c *workos.Client) (any, error) {
				return c.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: "f"})
			}, workos.Challenge{ID: "c", FactorID: "f", Code: "012345"}},
		{"challenge of the emulator", "POST", "/auth/factors/f/challenge", `{}`, 200, `{"id":"c","factor_id":"f"}`,
			func(c *workos.Client) (any, error) {
				return c.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: "f"})
			}, workos.Challenge{ID: "c", FactorID: "f"}},
		{"challenge without its factor", "POST", "/auth/factors/f/challenge", `{}`, 201, `{"id":"c","code":"1"}`,
			func(c *workos.Client) (any, error) {
				return c.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: "f"})
			}, workos.Challenge{ID: "c", FactorID: "f", Code: "1"}},
		{"verify without the challenge", "POST", "/auth/challenges/c/verify", `{"code":"1"}`, 201, `{"valid":true}`,
			func(c *workos.Client) (any, error) {
				return c.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: "c", Code: "1"})
			}, workos.Verification{Challenge: workos.Challenge{ID: "c"}, Valid: true}},
		{"verify at the emulator", "POST", "/auth/challenges/c/verify", `{"code":"1"}`, 200, `{"challenge":{"id":"c","factor_id":"f"},"valid":true}`,
			func(c *workos.Client) (any, error) {
				return c.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: "c", Code: "1"})
			}, workos.Verification{Challenge: workos.Challenge{ID: "c", FactorID: "f"}, Valid: true}},
		{"verify", "POST", "/auth/challenges/auth_challenge_1/verify", `{"code":"012345"}`, 201, `{"challenge":` + challJSON + `,"valid":true}`,
			func(c *workos.Client) (any, error) {
				return c.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: "auth_challenge_1", Code: "012345"})
			}, workos.Verification{Challenge: challenge, Valid: true}},
		{"a wrong code is no error", "POST", "/auth/challenges/auth_challenge_1/verify", `{"code":"1"}`, 201, `{"challenge":` + challJSON + `,"valid":false}`,
			func(c *workos.Client) (any, error) {
				return c.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: "auth_challenge_1", Code: "1"})
			}, workos.Verification{Challenge: challenge}},
		{"a wrong code of the emulator", "POST", "/auth/challenges/c/verify", `{"code":"1"}`, 400, `{"code":"invalid_one_time_code","message":"no"}`,
			func(c *workos.Client) (any, error) {
				return c.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: "c", Code: "1"})
			}, workos.Verification{Challenge: workos.Challenge{ID: "c"}}},
		{"users", "GET", "/user_management/users?email=a%2Bb%40c.co&limit=2", "", 200, `{"object":"list","data":[{"id":"user_1","email":"a+b@c.co",` + times + `}],"list_metadata":{"before":null,"after":"user_1"}}`,
			func(c *workos.Client) (any, error) {
				return c.ListUsers(ctx, workos.ListUsersOpts{Email: "a+b@c.co", Limit: 2})
			}, workos.ListUsersResponse{Data: []workos.User{{ID: "user_1", Email: "a+b@c.co", CreatedAt: workos.At(at), UpdatedAt: workos.At(at)}}, ListMetadata: workos.ListMetadata{After: "user_1"}}},
		{"add a user", "POST", "/user_management/users", `{"email":"a@b.co","first_name":"A","last_name":"B"}`, 201, `{"object":"user","id":"user_1","email":"a@b.co","first_name":"A","last_name":null,` + times + `}`,
			func(c *workos.Client) (any, error) {
				return c.CreateUser(ctx, workos.CreateUserOpts{Email: "a@b.co", FirstName: "A", LastName: "B"})
			}, workos.User{ID: "user_1", Email: "a@b.co", FirstName: "A", CreatedAt: workos.At(at), UpdatedAt: workos.At(at)}},
		{"user factors", "GET", "/user_management/users/user_1/auth_factors?after=x&before=y&limit=100&order=asc", "", 200, `{"object":"list","data":[` + smsJSON + `],"list_metadata":{"before":"b","after":null}}`,
			func(c *workos.Client) (any, error) {
				return c.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: "user_1", Limit: 100, After: "x", Before: "y", Order: workos.Asc})
			}, workos.ListUserFactorsResponse{Data: []workos.Factor{smsFactor}, ListMetadata: workos.ListMetadata{Before: "b"}}},
		{"a bad time costs nothing else", "GET", "/user_management/users/u/auth_factors", "", 200, `{"data":[{"created_at":"2026-01-15","id":"f","updated_at":"2026-01-15T12:00:00Z"}]}`,
			func(c *workos.Client) (any, error) {
				return c.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: "u"})
			}, workos.ListUserFactorsResponse{Data: []workos.Factor{{ID: "f", UpdatedAt: workos.At(at)}}}},
		{"enroll for a user", "POST", "/user_management/users/user_1/auth_factors", `{"type":"totp","totp_issuer":"Foo","totp_user":"a@b.co","totp_secret":"JBSWY3DPEHPK3PXP"}`, 201, `{"authentication_factor":` + totpJSON + `,"authentication_challenge":` + challJSON + `}`,
			func(c *workos.Client) (any, error) {
				return c.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: "user_1", Type: workos.TOTP, TOTPIssuer: "Foo", TOTPUser: "a@b.co", TOTPSecret: "JBSWY3DPEHPK3PXP"})
			}, workos.EnrollUserFactorResponse{Factor: totpFactor, Challenge: challenge}},
		{"enroll for a user, the secret only in the URI", "POST", "/user_management/users/u/auth_factors", `{"type":"totp"}`, 201,
			`{"authentication_factor":{"id":"f","totp":{"uri":"otpauth://totp/Foo:a?issuer=Foo&secret=JBSWY3DPEHPK3PXP%3D"}},"authentication_challenge":{"id":"c"}}`,
			func(c *workos.Client) (any, error) {
				return c.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: "u", Type: workos.TOTP})
			}, workos.EnrollUserFactorResponse{Factor: secretInURI("u"), Challenge: workos.Challenge{ID: "c", FactorID: "f"}}},
		{"enroll for a user who is not in the answer", "POST", "/user_management/users/u/auth_factors", `{"type":"totp"}`, 201,
			`{"authentication_factor":{"id":"f"},"authentication_challenge":{"id":"c"}}`,
			func(c *workos.Client) (any, error) {
				return c.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: "u", Type: workos.TOTP})
			}, workos.EnrollUserFactorResponse{Factor: workos.Factor{ID: "f", UserID: "u"}, Challenge: workos.Challenge{ID: "c", FactorID: "f"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, say(tt.status, tt.answer))
			got, err := tt.call(s.client(t))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			r := s.asked[0]
			if r.Method != tt.method || r.URL.RequestURI() != tt.path {
				t.Errorf("asked %s %s, want %s %s", r.Method, r.URL.RequestURI(), tt.method, tt.path)
			}
			if s.bodies[0] != tt.body {
				t.Errorf("sent %s, want %s", s.bodies[0], tt.body)
			}
			checkHeaders(t, r)
		})
	}
}

func checkHeaders(t *testing.T, r *http.Request) {
	t.Helper()
	want := map[string]string{"Authorization": "Bearer " + testKey, "Accept": "application/json", "User-Agent": "test/1", "Content-Type": ""}
	if r.Method == http.MethodPost {
		want["Content-Type"] = "application/json"
		if len(r.Header.Get("Idempotency-Key")) < 16 {
			t.Errorf("the Idempotency-Key is %q", r.Header.Get("Idempotency-Key"))
		}
	}
	for name, value := range want {
		if got := r.Header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func TestBadIDsAreNotSent(t *testing.T) {
	s := newServer(t, say(200, "{}"))
	for _, id := range []string{"", ".", ".."} {
		if err := s.client(t).DeleteFactor(context.Background(), workos.DeleteFactorOpts{FactorID: id}); err == nil {
			t.Errorf("no error for the id %q", id)
		}
	}
	if len(s.asked) > 0 {
		t.Errorf("the API was asked %d times", len(s.asked))
	}
}

func TestBaseURL(t *testing.T) {
	for base, ok := range map[string]bool{
		"": true, "https://api.workos.com": true, "https://api.workos.com/": true, "http://127.0.0.1:4100": true,
		"http://localhost:1": true, "http://[::1]:1": true,
		"http://api.workos.com": false, "ftp://x": false, "api.workos.com": false, "https://": false,
		"https://a:b@c": false, "https://x?y=1": false, "http://127.0.0.1.example.com": false, "://": false,
		"http://127.0.0.1:65535": true, "http://127.0.0.1:99999": false, "http://127.0.0.1:0": false,
	} {
		if _, err := workos.NewClient(workos.ClientOpts{APIKey: "k", BaseURL: base}); (err == nil) != ok {
			t.Errorf("%q: %v", base, err)
		}
	}
}

// Plain http goes to a host that is named, and no other.
func TestPlainHTTP(t *testing.T) {
	for base, ok := range map[string]bool{
		"http://named": true, "http://NAMED:1/v1": true, "http://port:2": true, "http://[fe80::1]:3": true,
		"http://port:1": false, "http://named.example.com": false, "http://other": false, "ftp://named": false,
	} {
		_, err := workos.NewClient(workos.ClientOpts{APIKey: "k", BaseURL: base, PlainHTTP: []string{"named", "port:2", "fe80::1"}})
		if (err == nil) != ok {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestRetries(t *testing.T) {
	ok := say(201, smsJSON)
	tests := []struct {
		name    string
		answers []func(http.ResponseWriter, *http.Request)
		asked   int
		fails   bool
	}{
		{"500, then success", []func(http.ResponseWriter, *http.Request){say(500, ""), ok}, 2, false},
		{"502, 503, 504, then success", []func(http.ResponseWriter, *http.Request){say(502, ""), say(503, ""), say(504, ""), ok}, 4, false},
		{"429, then success", []func(http.ResponseWriter, *http.Request){say(429, "", "Retry-After", "0"), ok}, 2, false},
		{"a broken connection, then success", []func(http.ResponseWriter, *http.Request){hangUp, ok}, 2, false},
		{"broken off in the body, then success", []func(http.ResponseWriter, *http.Request){breakOff, ok}, 2, false},
		{"slow in the body, then success", []func(http.ResponseWriter, *http.Request){stall, ok}, 2, false},
		{"truncated JSON, then success", []func(http.ResponseWriter, *http.Request){say(201, smsJSON[:40]), ok}, 2, false},
		{"no body, then success", []func(http.ResponseWriter, *http.Request){say(201, ""), ok}, 2, false},
		{"broken off each time", []func(http.ResponseWriter, *http.Request){breakOff}, 4, true},
		{"truncated each time", []func(http.ResponseWriter, *http.Request){say(201, smsJSON[:40])}, 4, true},
		{"without an id is not retried", []func(http.ResponseWriter, *http.Request){say(201, `{}`), ok}, 1, true},
		{"a refusal whose text breaks off is not retried", []func(http.ResponseWriter, *http.Request){say(422, `{"message":`), ok}, 1, true},
		{"500 each time", []func(http.ResponseWriter, *http.Request){say(500, "")}, 4, true},
		{"broken each time", []func(http.ResponseWriter, *http.Request){hangUp}, 4, true},
		{"501 is not retried", []func(http.ResponseWriter, *http.Request){say(501, ""), ok}, 1, true},
		{"422 is not retried", []func(http.ResponseWriter, *http.Request){say(422, ""), ok}, 1, true},
		{"a long Retry-After is for the caller", []func(http.ResponseWriter, *http.Request){say(429, "", "Retry-After", "30"), ok}, 1, true},
		{"a Retry-After as a date", []func(http.ResponseWriter, *http.Request){say(503, "", "Retry-After", "Fri, 31 Dec 2199 23:59:59 GMT"), ok}, 1, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, tt.answers...)
			c, err := workos.NewClient(workos.ClientOpts{APIKey: testKey, BaseURL: s.URL, RetryWait: time.Microsecond, Timeout: time.Second})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.EnrollFactor(context.Background(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+1"})
			if (err != nil) != tt.fails {
				t.Errorf("error %v", err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.asked) != tt.asked {
				t.Errorf("asked %d times, want %d", len(s.asked), tt.asked)
			}
			for _, r := range s.asked {
				if got, want := r.Header.Get("Idempotency-Key"), s.asked[0].Header.Get("Idempotency-Key"); got != want {
					t.Errorf("the Idempotency-Key changed from %q to %q", want, got)
				}
			}
			for _, b := range s.bodies {
				if b != s.bodies[0] {
					t.Errorf("the body changed from %q to %q", s.bodies[0], b)
				}
			}
		})
	}
}

// A person is told of attempts after a while, and not of those that follow at once.
func TestOnRetry(t *testing.T) {
	for second, want := range map[time.Duration][]int{2 * time.Second: {2, 3}, 0: nil} {
		s := newServer(t, say(500, ""), say(500, ""), say(201, smsJSON))
		now, told := time.Now(), []int(nil)
		c, err := workos.NewClient(workos.ClientOpts{
			APIKey: testKey, BaseURL: s.URL, RetryWait: time.Microsecond,
			Now:     func() time.Time { now = now.Add(second); return now },
			OnRetry: func(attempt int) { told = append(told, attempt) },
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.EnrollFactor(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+1"}); err != nil || !slices.Equal(told, want) {
			t.Errorf("told of %v, want %v; %v", told, want, err)
		}
	}
}

// An error tells whether the call may have worked nevertheless: that decides whether
// it is sent again as the same call.
func TestUncertain(t *testing.T) {
	closed := newServer(t, say(200, ""))
	closed.Close()
	refusal := say(422, `{}`)
	for name, test := range map[string]struct {
		server *server
		want   bool
	}{
		"refused":                       {newServer(t, refusal), false},
		"too many requests":             {newServer(t, say(429, "", "Retry-After", "0")), false},
		"nobody listens":                {closed, false},
		"500":                           {newServer(t, say(500, "")), true},
		"in progress":                   {newServer(t, say(409, "")), true},
		"broken connection":             {newServer(t, hangUp), true},
		"broken off":                    {newServer(t, breakOff), true},
		"truncated":                     {newServer(t, say(201, `{"id":"f`)), true},
		"without an id":                 {newServer(t, say(201, `{}`)), true},
		"refused after a broken answer": {newServer(t, breakOff, refusal), true},
		"refused after 429":             {newServer(t, say(429, "", "Retry-After", "0"), refusal), false},
	} {
		c := test.server.client(t)
		if _, err := c.EnrollFactor(context.Background(), workos.EnrollFactorOpts{Type: workos.SMS}); err == nil || workos.IsUncertain(err) != test.want {
			t.Errorf("%s: uncertain %t for %v", name, !test.want, err)
		}
		if _, err := c.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "f"}); workos.IsUncertain(err) {
			t.Errorf("%s: reading changes nothing: %v", name, err)
		}
	}
}

// A deletion needs no body.
func TestDeleteBrokenOff(t *testing.T) {
	s := newServer(t, breakOff)
	if err := s.client(t).DeleteFactor(context.Background(), workos.DeleteFactorOpts{FactorID: "f"}); err != nil || len(s.asked) != 1 {
		t.Errorf("%v after %d attempts", err, len(s.asked))
	}
}

func TestIdempotencyKeyOfTheCaller(t *testing.T) {
	s := newServer(t, say(201, smsJSON))
	if _, err := s.client(t).EnrollFactor(context.Background(), workos.EnrollFactorOpts{Type: workos.SMS, IdempotencyKey: "mine"}); err != nil {
		t.Fatal(err)
	}
	if got := s.asked[0].Header.Get("Idempotency-Key"); got != "mine" {
		t.Errorf("the key is %q", got)
	}
}

func TestDeleteRetried(t *testing.T) {
	s := newServer(t, hangUp, say(404, `{"code":"entity_not_found"}`))
	if err := s.client(t).DeleteFactor(context.Background(), workos.DeleteFactorOpts{FactorID: "f"}); err != nil {
		t.Errorf("a 404 after a lost answer is %v, want nil", err)
	}
	s = newServer(t, say(404, `{"code":"entity_not_found"}`))
	if err := s.client(t).DeleteFactor(context.Background(), workos.DeleteFactorOpts{FactorID: "f"}); !workos.IsNotFound(err) {
		t.Errorf("a 404 at once is %v, want not found", err)
	}
}

// Answers that are odd must not cost an id; answers that are useless are errors.
func TestOddAnswers(t *testing.T) {
	tests := []struct {
		name, answer, id string
	}{
		{"a bad time", `{"id":"f","created_at":"yesterday","updated_at":5}`, "f"},
		{"a bad time that is named in capitals", `{"Created_At":"1","id":"f"}`, "f"},
		{"a time that only some decoders take", `{"created_at":"2026-01-15T1:00:00Z","id":"f"}`, "f"},
		{"a type that is a number", `{"id":"f","type":5,"totp":"x"}`, "f"},
		{"no times", `{"id":"f"}`, "f"},
		{"white space around", "\n {\"id\":\"f\"}\n", "f"},
		{"no id", `{"type":"sms"}`, ""},
		{"truncated", `{"id":"f","type":"sm`, ""},
		{"HTML", `<html>`, ""},
		{"empty", ``, ""},
		{"a list", `[]`, ""},
		{"null", `null`, ""},
		{"too large", `{"id":"f","x":"` + strings.Repeat("x", 1<<20) + `"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := newServer(t, say(201, tt.answer)).client(t).EnrollFactor(context.Background(), workos.EnrollFactorOpts{Type: workos.SMS})
			if f.ID != tt.id && tt.id != "" || (err == nil) != (tt.id != "") {
				t.Errorf("id %q, error %v; want id %q", f.ID, err, tt.id)
			}
			if err != nil && !strings.Contains(err.Error(), "req_1") {
				t.Errorf("the error does not name the request: %v", err)
			}
		})
	}
}

// An answer that lacks what nobody else knows is an error: without the id of a
// new factor or challenge nothing could be done with it.
func TestAnswerWithoutAnID(t *testing.T) {
	ctx := context.Background()
	for name, call := range map[string]func(*workos.Client) error{
		"enroll": func(c *workos.Client) error {
			_, err := c.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS})
			return err
		},
		"enroll for a user": func(c *workos.Client) error {
			_, err := c.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: "u"})
			return err
		},
		"challenge": func(c *workos.Client) error {
			_, err := c.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: "f"})
			return err
		},
		"get, and not a factor": func(c *workos.Client) error {
			_, err := c.GetFactor(ctx, workos.GetFactorOpts{FactorID: "f"})
			return err
		},
	} {
		err := call(newServer(t, say(200, `{"code":"1"}`)).client(t))
		if err == nil || !strings.Contains(err.Error(), "response without an id (request req_1)") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A user without an id is no answer: nothing could be done for them.
func TestUserWithoutID(t *testing.T) {
	for _, answer := range []string{`{"email":"a@b.co"}`, `[]`, ``} {
		u, err := newServer(t, say(201, answer)).client(t).CreateUser(context.Background(), workos.CreateUserOpts{Email: "a@b.co"})
		if err == nil || !strings.Contains(err.Error(), "req_1") {
			t.Errorf("%q is user %v, error %v", answer, u, err)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	other := newServer(t, say(200, smsJSON))
	s := newServer(t, say(302, "", "Location", other.URL))
	for _, status := range []int{301, 302, 303, 307, 308} {
		s.answers[0] = say(status, "", "Location", other.URL)
		if _, err := s.client(t).EnrollFactor(context.Background(), workos.EnrollFactorOpts{Type: workos.SMS}); err == nil || workos.IsUncertain(err) {
			t.Errorf("a redirect is %v", err)
		}
	}
	if len(other.asked) > 0 {
		t.Error("the key went where the answer pointed")
	}
}

// A web page in place of a response, or a 404 that is not JSON, is the page of something else, so it says nothing
// about the factor: not even a deletion takes it.
func TestWebPage(t *testing.T) {
	ctx, page := context.Background(), "<!DOCTYPE html><title>Welcome to the hotel</title>"
	for _, answers := range [][]func(http.ResponseWriter, *http.Request){{say(200, page)}, {say(404, page)}, {hangUp, say(404, page)}, {say(404, "404 page not found\n")}, {say(404, "")}, {hangUp, say(404, "404 page not found\n")}} {
		c := newServer(t, answers...).client(t)
		err := c.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: "f"})
		_, getErr := c.GetFactor(ctx, workos.GetFactorOpts{FactorID: "f"})
		for _, err := range []error{err, getErr} {
			var e *workos.Error
			if !errors.As(err, &e) || !e.Intercepted || e.RequestID != "req_1" || workos.IsNotFound(err) || strings.Contains(err.Error(), "<") {
				t.Errorf("a page is %v", err)
			}
		}
	}
}

// An error of a call that waited in vain says how long, and names the last request
// that got a response.
func TestTimeout(t *testing.T) {
	for name, test := range map[string]struct {
		attempt, call time.Duration
		want          time.Duration
	}{"the attempt": {3 * time.Second, time.Hour, 3 * time.Second}, "the call": {time.Hour, 10 * time.Second, 10 * time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			attempts := 0
			c, err := workos.NewClient(workos.ClientOpts{APIKey: "k", Timeout: test.attempt, RetryWait: time.Microsecond, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if attempts++; attempts == 1 {
					return &http.Response{StatusCode: 500, Header: http.Header{"X-Request-Id": {"req_1"}}, Body: http.NoBody, Request: r}, nil
				}
				<-r.Context().Done()
				return nil, r.Context().Err()
			})})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), test.call)
			defer cancel()
			_, err = c.GetFactor(ctx, workos.GetFactorOpts{FactorID: "f"})
			var e *workos.Error
			if !errors.As(err, &e) || e.Timeout != test.want || e.RequestID != "req_1" || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: waited %s for %v", name, e.Timeout, err)
			}
		})
	}
}

// A call that waits ends with its context, at once.
func TestCancel(t *testing.T) {
	entered, released := make(chan struct{}), make(chan struct{})
	s := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-released
	})
	defer close(released)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := s.client(t).GetFactor(ctx, workos.GetFactorOpts{FactorID: "f"})
		done <- err
	}()
	<-entered
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || workos.IsUnreachable(err) {
		t.Errorf("a cancelled call is %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	s := newServer(t, say(200, ""))
	c := s.client(t)
	s.Close()
	_, err := c.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "f"})
	if !workos.IsUnreachable(err) {
		t.Errorf("a closed port is %v", err)
	}
	if strings.Contains(fmt.Sprint(err), testKey) {
		t.Errorf("the error has the key: %v", err)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		want   workos.Error
		is     func(error) bool
	}{
		{"401", say(401, `{"message":"Unauthorized"}`), workos.Error{StatusCode: 401, Message: "Unauthorized"}, workos.IsUnauthorized},
		{"404", say(404, `{"message":"Factor not found: 'f'.","code":"entity_not_found","entity_id":"f"}`),
			workos.Error{StatusCode: 404, Message: "Factor not found: 'f'.", Code: "entity_not_found", EntityID: "f"}, workos.IsNotFound},
		{"phone", say(422, `{"message":"Phone number is invalid: 'foo'","code":"invalid_phone_number"}`),
			workos.Error{StatusCode: 422, Message: "Phone number is invalid: 'foo'", Code: "invalid_phone_number"}, workos.IsInvalidPhoneNumber},
		{"expired", say(422, `{"message":"m","code":"authentication_challenge_expired"}`),
			workos.Error{StatusCode: 422, Message: "m", Code: "authentication_challenge_expired"}, workos.IsExpired},
		{"verified before", say(422, `{"message":"m","code":"authentication_challenge_previously_verified"}`),
			workos.Error{StatusCode: 422, Message: "m", Code: "authentication_challenge_previously_verified"}, workos.IsAlreadyVerified},
		{"too many tries", say(400, `{"message":"m","code":"one_time_code_too_many_attempts"}`),
			workos.Error{StatusCode: 400, Message: "m", Code: "one_time_code_too_many_attempts"}, workos.IsTooManyAttempts},
		{"rate", say(429, `{"message":"m","code":"rate_limit_exceeded"}`, "Retry-After", "30"),
			workos.Error{StatusCode: 429, Message: "m", Code: "rate_limit_exceeded", RetryAfter: 30 * time.Second}, workos.IsRateLimited},
		{"fields", say(422, `{"message":"m","errors":[{"field":"totp_user","code":"required"},"a sentence",7]}`),
			workos.Error{StatusCode: 422, Message: "m", Fields: []workos.FieldError{{Field: "totp_user", Code: "required"}, {Message: "a sentence"}}}, certain},
		{"a sentence for a code", say(422, `{"message":"m","errors":[{"field":"email","code":"email must be a string"}]}`),
			workos.Error{StatusCode: 422, Message: "m", Fields: []workos.FieldError{{Field: "email", Message: "email must be a string"}}}, certain},
		{"no such route", say(404, `{"message":"m","code":"not_emulated","path":"/x"}`), workos.Error{StatusCode: 404, Message: "m", Code: "not_emulated"},
			func(err error) bool { return !workos.IsNotFound(err) }},
		{"sentences", say(422, `{"message":"m","errors":[{"code":"c","message":"s\u0007"},{"field":"f","message":"s"},{"field":5},[],null,{}]}`),
			workos.Error{StatusCode: 422, Message: "m", Fields: []workos.FieldError{{Code: "c", Message: "s"}, {Field: "f", Message: "s"}}}, certain},
		{"a list of messages", say(400, `{"message":["phone_number must be a string",5,"type is odd"],"error":"Bad Request"}`),
			workos.Error{StatusCode: 400, Message: "Bad Request", Code: "Bad Request", Fields: []workos.FieldError{{Message: "phone_number must be a string"}, {Message: "type is odd"}}}, certain},
		{"a date to wait for", say(429, ``, "Retry-After", "Thu, 15 Jan 2026 12:01:30 GMT", "Date", "Thu, 15 Jan 2026 12:00:00 GMT"),
			workos.Error{StatusCode: 429, Message: "Too Many Requests", RetryAfter: 90 * time.Second}, workos.IsRateLimited},
		{"redirect to another host", say(302, `<html>`, "Location", "https://u:secret@login.example.com:8443/a?b=secret#c"),
			workos.Error{StatusCode: 302, Message: "Found", Location: "https://login.example.com:8443", Intercepted: true}, certain},
		{"redirect to https", say(308, ``, "Location", "https://127.0.0.1/"),
			workos.Error{StatusCode: 308, Message: "Permanent Redirect", Location: "https://127.0.0.1"}, certain},
		{"redirect on the server", say(307, ``, "Location", "/v2/factors?token=secret"),
			workos.Error{StatusCode: 307, Message: "Temporary Redirect", Location: "/v2/factors"}, certain},
		{"a page that knows nothing", say(404, "\n<!doctype html>"), workos.Error{StatusCode: 404, Message: "Not Found", Intercepted: true},
			func(err error) bool { return !workos.IsNotFound(err) }},
		{"the network wants a login", say(511, ``), workos.Error{StatusCode: 511, Message: "Network Authentication Required", Intercepted: true}, nil},
		{"error and description", say(400, `{"error":"invalid_grant","error_description":"d"}`),
			workos.Error{StatusCode: 400, Message: "d", Code: "invalid_grant"}, certain},
		{"HTML", say(502, `<html><h1>Bad`, "Content-Type", "text/html"), workos.Error{StatusCode: 502, Message: "Bad Gateway"}, nil},
		{"empty", say(500, ``), workos.Error{StatusCode: 500, Message: "Internal Server Error"}, nil},
		{"truncated", say(422, `{"message":"`), workos.Error{StatusCode: 422, Message: "Unprocessable Entity"}, certain},
		{"control characters", say(422, `{"message":"a\u001b[31mb\n"}`), workos.Error{StatusCode: 422, Message: "a[31mb"}, certain},
	}
	predicates := []func(error) bool{workos.IsUnauthorized, workos.IsNotFound, workos.IsInvalidPhoneNumber, workos.IsExpired,
		workos.IsAlreadyVerified, workos.IsTooManyAttempts, workos.IsRateLimited, workos.IsUnreachable}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newServer(t, tt.answer).client(t).GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "f"})
			var got *workos.Error
			if !errors.As(err, &got) {
				t.Fatalf("the error is %v", err)
			}
			want := tt.want
			want.Method, want.Path, want.RequestID = "GET", "/auth/factors/f", "req_1"
			if !reflect.DeepEqual(*got, want) {
				t.Errorf("got  %+v\nwant %+v", *got, want)
			}
			if tt.is != nil && !tt.is(err) {
				t.Error("its predicate says no")
			}
			yes := 0
			for _, is := range predicates {
				if is(err) {
					yes++
				}
			}
			if yes > 1 {
				t.Errorf("%d predicates say yes", yes)
			}
		})
	}
}

func certain(err error) bool { return !workos.IsUncertain(err) }

// What is secret is in no error.
func TestErrorsTellNoSecrets(t *testing.T) {
	for _, answer := range []func(http.ResponseWriter, *http.Request){say(422, `{}`), say(201, `{`), hangUp} {
		c := newServer(t, answer).client(t)
		_, err := c.VerifyChallenge(context.Background(), workos.VerifyChallengeOpts{ChallengeID: "c", Code: "492039"})
		_, err2 := c.ListUsers(context.Background(), workos.ListUsersOpts{Email: "a@b.co"})
		for _, secret := range []string{testKey, "492039", "a@b.co", "a%40b.co"} {
			if text := fmt.Sprintf("%v %v %+v", err, err2, err); strings.Contains(text, secret) {
				t.Errorf("the error has %q: %s", secret, text)
			}
		}
	}
}

// FuzzAnswers feeds the client answers of any form: no panic, and never success
// without an id.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{totpJSON, smsJSON, `{"message":"m","errors":["x"]}`, `[]`, `{"id":5}`, `{`, "\n<html>", `{"id":"f","object":7,"created_at":"9999-12-31T23:59:59.9999-01:00","updated_at":"0000-01-01T00:00:00+01:00"}`, `{"message":["m",5],"error":"e"}`,
		`{"message":"m","errors":[{"field":"f","code":"c"},{"code":"c","message":"s"},{"field":"f","message":"\u0007"},{"field":[]}]}`} {
		for _, status := range []int{201, 404, 422} {
			f.Add(status, seed, "", "30")
		}
		f.Add(302, seed, "https://u:p@login.example.com/?q", "Fri, 31 Dec 2199 23:59:59 GMT")
		f.Add(307, seed, "//[::1]:0/\x7f", "-1")
	}
	f.Fuzz(func(t *testing.T, status int, body, location, wait string) {
		if status < 200 || status > 599 {
			t.Skip()
		}
		c, err := workos.NewClient(workos.ClientOpts{APIKey: "k", RetryWait: time.Nanosecond, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			header := http.Header{"Location": {location}, "Retry-After": {wait}, "X-Should-Retry": {"false"}}
			return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		factor, err := c.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "f"})
		if err == nil && factor.ID == "" {
			t.Errorf("success without an id for %d %q", status, body)
		}
		if err == nil && !json.Valid([]byte(body)) {
			t.Errorf("success for what is not JSON: %q", body)
		}
		page := strings.HasPrefix(strings.TrimSpace(body), "<")
		if workos.IsNotFound(err) && page {
			t.Errorf("%q says that the factor does not exist", body)
		}
		var e *workos.Error
		if !errors.As(err, &e) {
			// What is printed and kept can be read again, and says the same.
			printed, err := json.Marshal(factor)
			var again workos.Factor
			if err == nil {
				err = json.Unmarshal(printed, &again)
			}
			if repeated, _ := json.Marshal(again); err != nil || string(repeated) != string(printed) {
				t.Errorf("%s became %s, %v", printed, repeated, err)
			}
			return
		}
		text := e.Location + e.Code + e.Message
		for _, f := range e.Fields {
			if text += f.Field + f.Code + f.Message; f == (workos.FieldError{}) {
				t.Errorf("an empty field in %q", body)
			}
		}
		if strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("the error has %q", text)
		}
		if e.RetryAfter < 0 || strings.ContainsAny(e.Location, "?#@") && !strings.HasPrefix(e.Location, "/") {
			t.Errorf("a wait of %s, redirected to %q", e.RetryAfter, e.Location)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
