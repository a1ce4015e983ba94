package inspect

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// serving is a recorder of a handler, and what calls it as a client does.
func serving(t *testing.T, handler http.HandlerFunc) (*Recorder, func(method, path, body string) *http.Response) {
	t.Helper()
	r := NewServer(nil, "http://127.0.0.1:4100", testKey, time.Now)
	server := httptest.NewServer(r.Handler(handler, func(r *http.Request) bool { return r.URL.Path == "/health" }))
	t.Cleanup(server.Close)
	return r, func(method, path, body string) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+testKey)
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_, _ = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		return resp
	}
}

// A server's calls are kept as they were answered: with the codes and secrets, which are
// made up, but without keys, passwords and pictures.
func TestHandlerShowsCodesAndNoKeys(t *testing.T) {
	engine := local.New(local.Options{APIKey: testKey})
	r, call := serving(t, engine.ServeHTTP)
	call("POST", "/auth/factors/enroll", `{"type":"totp", "totp_issuer":"Foo Corp","totp_user":"ada@example.com"}`)
	call("POST", "/auth/challenges/none/verify", `{"code":"123456"}`)
	call("POST", "/user_management/users", `{"email":"ada@example.com","password":"correct horse battery","metadata":{"note":"`+testKey+`"}}`)
	call("POST", "/user_management/authenticate", `{"grant_type":"password","client_id":"c","client_secret":"`+testKey+`","email":"ada@example.com","password":"correct horse battery"}`)
	call("GET", "/user_management/users?email=ada%40example.com&x=sk_live_other1234", "")
	call("GET", "/health", "")
	calls := r.Calls()
	if len(calls) != 5 {
		t.Fatalf("%d calls", len(calls))
	}
	if c := calls[4]; string(c.Request.JSON) != `{"type":"totp", "totp_issuer":"Foo Corp","totp_user":"ada@example.com"}` ||
		!strings.Contains(string(c.Response.JSON), `otpauth://totp/Foo%20Corp`) || c.Status != 201 || !c.Ended || !strings.HasPrefix(c.RequestID, "req_") {
		t.Errorf("%+v\n%s\n%s", c, c.Request.JSON, c.Response.JSON)
	}
	if c := calls[3]; string(c.Request.JSON) != `{"code":"123456"}` || c.Status != 404 || !strings.Contains(c.Curl(), `'{"code":"123456"}'`) || !strings.Contains(c.Curl(), "http://127.0.0.1:4100/auth") {
		t.Errorf("%+v\n%s", c, c.Curl())
	}
	if c := calls[1]; !strings.Contains(string(c.Response.JSON), `"access_token":"ey`) {
		t.Errorf("%s", c.Response.JSON)
	}
	if c := calls[0]; c.Query != "email=ada%40example.com&x="+strings.ReplaceAll(fmt.Sprintf("%%%X", Mask), " ", "") && strings.Contains(c.Query, "sk_live") {
		t.Errorf("%+v", c)
	}
	for _, c := range calls {
		text := fmt.Sprintf("%+v %s %s", c, c.Request.JSON, c.Response.JSON)
		for _, secret := range []string{testKey, "sk_live_other", "battery", "base64", "Bearer"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s contains %q", text, secret)
			}
		}
	}
}

// What can't be seen is escaped there too, as everywhere.
func TestHandlerEscapes(t *testing.T) {
	r, call := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-ID", "req_1")
		_, _ = io.WriteString(w, "{\"name\":\"a\u202eb\"}")
	})
	call("GET", "/%1b%5b31m", "")
	if c := r.Calls()[0]; string(c.Response.JSON) != `{"name":"a\u202eb"}` || c.Path != "/%1b%5b31m" || c.Status != 200 {
		t.Errorf("%+v %s", c, c.Response.JSON)
	}
}

// What only looks like an object is said to be none, and is nothing to trip over.
func TestHandlerOfNoJSON(t *testing.T) {
	r, call := serving(t, func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.ReadAll(req.Body)
		_, _ = io.WriteString(w, "{oops}")
	})
	call("POST", "/a", "{also}")
	call("POST", "/b", "grant_type=password")
	calls := r.Calls()
	if c := calls[1]; c.RequestText() != "POST /a\nnot JSON, 6 bytes\n" || c.ResponseText() != "200 OK\nnot JSON, 6 bytes\n" || c.Gist() != (Gist{}) || !strings.Contains(c.Curl(), "{also}") {
		t.Errorf("%q %q %+v %s", c.RequestText(), c.ResponseText(), c.Gist(), c.Curl())
	}
	if c := calls[0]; c.RequestText() != "POST /b\nnot JSON, 19 bytes\n" {
		t.Errorf("%q", c.RequestText())
	}
}

// A call is there from its start, ends with how its connection ended, and says what the
// server noted.
func TestHandlerOfBrokenCalls(t *testing.T) {
	began, goOn := make(chan bool), make(chan bool)
	r, call := serving(t, func(w http.ResponseWriter, req *http.Request) {
		switch req.URL.Path {
		case "/waits":
			close(began)
			<-goOn
			w.WriteHeader(http.StatusNoContent)
		case "/cut":
			Note(req.Context(), "hook: response cut short")
			w.WriteHeader(http.StatusOK)
			_, _ = io.WriteString(w, `{"id":`)
			panic(http.ErrAbortHandler)
		case "/reset":
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			conn.Close()
		}
	})
	ended := make(chan Call, 3)
	r.OnEnd = func(c Call) { ended <- c }
	go call("GET", "/waits", "")
	<-began
	if c := r.Calls()[0]; c.Ended || c.Path != "/waits" || c.Outcome() != "no response yet" {
		t.Errorf("%+v", c)
	}
	close(goOn)
	if c := <-ended; !c.Ended || c.Status != 204 || c.Err != "" {
		t.Errorf("%+v", c)
	}
	call("POST", "/cut", "")
	if c := <-ended; c.Status != 200 || c.Err != "the connection was cut" || c.Note != "hook: response cut short" {
		t.Errorf("%+v", c)
	}
	call("POST", "/reset", "")
	if c := <-ended; c.Status != 0 || c.Err != "the connection was cut" {
		t.Errorf("%+v", c)
	}
	Note(t.Context(), "nobody keeps it")
}

// A client that does not wait for its response is told so.
func TestHandlerOfAClientThatGoes(t *testing.T) {
	r := NewServer(nil, "", testKey, time.Now)
	ctx, leave := context.WithCancel(t.Context())
	handler := r.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leave() }), func(*http.Request) bool { return false })
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/a", nil))
	if c := r.Calls()[0]; c.Err != "client disconnected" || c.Status != 0 || !c.Ended {
		t.Errorf("%+v", c)
	}
}

// Memory is bounded, by the number of calls and by what they take.
func TestServerRecorderIsBounded(t *testing.T) {
	r := NewServer(roundTripper(func(req *http.Request) (*http.Response, error) {
		return answering(req, 200, `{"x":"`+strings.Repeat("x", int(req.ContentLength))+`"}`), nil
	}), "", testKey, time.Now)
	client, err := workos.NewClient(workos.ClientOpts{APIKey: testKey, Transport: r})
	if err != nil {
		t.Fatal(err)
	}
	size := func(calls int, body string) (kept, bytes int) {
		for range calls {
			_, _ = client.CreateUser(t.Context(), workos.CreateUserOpts{Email: body, IdempotencyKey: "k"})
		}
		for _, c := range r.Calls() {
			bytes += c.size()
		}
		if bytes != r.bytes {
			t.Errorf("it counts %d bytes, and has %d", r.bytes, bytes)
		}
		return len(r.Calls()), bytes
	}
	if kept, bytes := size(1500, "a@b.co"); kept != keptServerCalls || bytes > keptServerBytes {
		t.Errorf("%d calls of %d bytes", kept, bytes)
	}
	if kept, bytes := size(600, strings.Repeat("y", 30<<10)); kept >= keptServerCalls || kept < 100 || bytes > keptServerBytes {
		t.Errorf("%d calls of %d bytes", kept, bytes)
	}
	long := strings.Repeat("X", 60<<10)
	if r.keep(Call{Method: long}, ""); len(r.Calls()[0].Method) != keptMethod {
		t.Errorf("a method of %d bytes is kept", len(r.Calls()[0].Method))
	}
	if r.keep(Call{RequestID: long, Response: Body{Note: long}}, ""); r.Calls()[0].size() < 2*len(long) {
		t.Errorf("%d bytes are counted as %d", 2*len(long), r.Calls()[0].size())
	}
	if calls := r.Calls(); calls[0].N != 2102 || calls[len(calls)-1].N != 2103-len(calls) {
		t.Errorf("%d to %d", calls[0].N, calls[len(calls)-1].N)
	}
}

// FuzzMaySkip: what is kept without a look has nothing that a look would hide.
func FuzzMaySkip(f *testing.F) {
	f.Add(`{"a":"sk_test_1234"}`)
	f.Add(`{"password":"x"}`)
	f.Add(`{"a":"Bearer x"}`)
	f.Fuzz(func(t *testing.T, text string) {
		m := masker{shows: true, key: testKey, secrets: map[string]int{}}
		m.learn(testKey)
		if body := newBody([]byte(text)); body.JSON != nil && maySkip(&m, body.JSON) {
			if masked := m.masked(body, false); string(masked.JSON) != string(body.JSON) {
				t.Errorf("%s is kept, and would be %s", body.JSON, masked.JSON)
			}
		}
	})
}
