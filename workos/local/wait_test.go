package local_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// tool asks an engine, as a program in the same process does.
func (l *lab) tool(ctx context.Context, path string) (status int, body string, err error) {
	r, err := http.NewRequestWithContext(ctx, "GET", "http://localhost/_emulate"+path, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := l.engine.RoundTrip(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data), err
}

// waiter is a request that waits, and what it was answered.
type waiter struct {
	done   chan struct{}
	status int
	body   string
	err    error
	after  time.Duration
}

// waits begins a request in a bubble of synctest, and returns once it waits or is answered.
func (l *lab) waits(ctx context.Context, path string) *waiter {
	w, began := &waiter{done: make(chan struct{})}, time.Now()
	go func() {
		defer close(w.done)
		w.status, w.body, w.err = l.tool(ctx, path)
		w.after = time.Since(began)
	}()
	synctest.Wait()
	return w
}

// wants waits for the answer, which has the texts and comes after a time.
func (w *waiter) wants(t *testing.T, status int, after time.Duration, texts ...string) {
	t.Helper()
	<-w.done
	if w.status != status || w.after != after || w.err != nil {
		t.Errorf("got %d after %s, %v: %s; want %d after %s", w.status, w.after, w.err, w.body, status, after)
	}
	for _, text := range texts {
		if !strings.Contains(w.body, text) {
			t.Errorf("%q is not in %s", text, w.body)
		}
	}
}

// A message is there the moment it is sent, for all that wait for it and nobody else.
func TestWaitForMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.sms()
		first, second := l.waits(t.Context(), "/sms?to=%2B15005550006&wait=10s"), l.waits(t.Context(), "/sms?wait=1m")
		code := l.waits(t.Context(), "/factors/"+f.ID+"/code?wait=10s")
		other, mail := l.waits(t.Context(), "/sms?to=%2B15005550007&wait=10s"), l.waits(t.Context(), "/mail?wait=10s")
		time.Sleep(3 * time.Second) // of the bubble's clock
		synctest.Wait()
		c := l.challenge(f)
		for _, w := range []*waiter{first, second, code} {
			w.wants(t, 200, 3*time.Second, c.ID)
		}
		for _, w := range []*waiter{other, mail} {
			w.wants(t, 204, 10*time.Second)
			if w.body != "" {
				t.Errorf("204 has the body %s", w.body)
			}
		}
		l.waits(t.Context(), "/sms?wait=10s").wants(t, 200, 0, c.ID) // it is there
		l.waits(t.Context(), "/sms?wait=0s&to=1").wants(t, 204, 0)
		if status, body, err := l.tool(t.Context(), "/sms?to=1"); status != 200 || body != "[]\n" || err != nil { // without a wait
			t.Errorf("%d %s, %v", status, body, err)
		}
	})
}

// A magic auth wakes who waits for mail.
func TestWaitForMail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		w := l.waits(t.Context(), "/mail?to=ada@b.co&wait=10s")
		l.raw("POST", "/user_management/magic_auth", `{"email":"ada@b.co"}`)
		w.wants(t, 200, 0, `"to":"ada@b.co"`)
	})
}

// Another process that shares the storage wakes nobody here: it is read again and again.
func TestWaitForAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &disk{}
		l, other := labOn(t, storage, 1), labOn(t, storage, 2)
		f := l.sms()
		w := l.waits(t.Context(), "/sms?wait=10s")
		time.Sleep(3*time.Second + 50*time.Millisecond) // of the bubble's clock
		synctest.Wait()
		c := other.challenge(f)
		w.wants(t, 200, 3*time.Second+200*time.Millisecond, c.ID)

		late := l.waits(t.Context(), "/sms?wait=150ms&since=message_1") // ends before the storage is read again
		c = other.challenge(f)
		late.wants(t, 200, 150*time.Millisecond, c.ID)
	})
}

// Who waits for the code of a factor is told when the factor is gone.
func TestWaitForAFactorThatGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.sms()
		w := l.waits(t.Context(), "/factors/"+f.ID+"/code?wait=10s")
		l.raw("DELETE", "/auth/factors/"+f.ID, "")
		w.wants(t, 404, 0, f.ID)
	})
}

// since leaves out the message before: by its id, however the clock is moved and whatever
// was deleted or reset, or by the time.
func TestSince(t *testing.T) {
	l := newLab(t)
	list := func(query, want string) {
		t.Helper()
		_, body, err := l.tool(ctx, "/sms?"+query)
		var ids []string
		for _, part := range strings.Split(body, `"id":"`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			ids = append(ids, id)
		}
		if got := strings.Join(ids, " "); got != want || err != nil {
			t.Errorf("%s: %s, %v; want %s", query, got, err, want)
		}
	}
	f := l.sms()
	l.challenge(f)
	l.wait(time.Minute)
	l.challenge(f)
	list("", "message_2 message_1")
	list("since=message_1", "message_2")
	list("since=message_2", "")
	list("since=2026-01-15T12:01:00Z", "message_2")
	list("since=2026-01-15T13:01:00%2B01:00", "message_2")
	list("since=2026-01-15T13:00:01+01:00", "message_2") // a plus that was not escaped
	list("since=2026-01-15T12:01:00.001Z", "")
	if err := l.engine.MoveClock(-time.Hour); err != nil {
		t.Fatal(err)
	}
	l.challenge(f)
	list("since=message_2", "message_3")
	if err := l.engine.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	l.challenge(l.sms())
	list("since=message_3", "message_4")
	l.challenge(l.sms())
	if r := l.deleted("/sms?since=message_4"); r != 204 {
		t.Errorf("delete: %d", r)
	}
	list("", "message_4")
	for _, bad := range []string{"since=yesterday", "since=message_0", "since=message_x", "since=message_6", "since=message_6&wait=1s", "since=-1", "since=auth_challenge_1"} {
		if status, body, _ := l.tool(ctx, "/sms?"+bad); status != 400 || !strings.Contains(body, "since must be") {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
}

func (l *lab) deleted(path string) (status int) {
	l.t.Helper()
	r := ok(http.NewRequest("DELETE", "http://localhost/_emulate"+path, nil))(l.t)
	return ok(l.engine.RoundTrip(r))(l.t).StatusCode
}

// Who waits with a since gets the next message, and who waits for a factor's code none that
// has been used.
func TestWaitForTheNextMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.sms()
		used := l.challenge(f)
		_, code, err := l.engine.SMS(ctx, used.ID)
		if err != nil {
			t.Fatal(err)
		}
		path := "/factors/" + f.ID + "/code?wait=10s"
		l.waits(t.Context(), path).wants(t, 200, 0, `"code":"`+code, used.ID)
		since := l.waits(t.Context(), path+"&since=message_1")
		l.wants(true, used, code)
		next, unused := l.waits(t.Context(), "/sms?wait=10s&since=message_1"), l.waits(t.Context(), path)
		time.Sleep(time.Second) // of the bubble's clock
		synctest.Wait()
		c := l.challenge(f)
		for _, w := range []*waiter{since, next, unused} {
			w.wants(t, 200, time.Second, c.ID)
		}
	})
}

// A wait ends with its client and with the server, and only so many wait for so long.
func TestWaitIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		ctx, cancel := context.WithCancel(t.Context())
		gone := l.waits(ctx, "/sms?wait=1m")
		cancel()
		if <-gone.done; !errors.Is(gone.err, context.Canceled) || gone.after != 0 {
			t.Errorf("%v after %s", gone.err, gone.after)
		}
		for _, bad := range []string{"soon", "10", "-1s", "1m0.001s", "2h"} {
			l.waits(t.Context(), "/sms?wait="+bad).wants(t, 400, 0, "at most 1m")
		}
		var all []*waiter
		for range 100 { // the one that has gone left its place
			all = append(all, l.waits(t.Context(), "/sms?wait=1m"))
		}
		l.waits(t.Context(), "/mail?wait=1s").wants(t, 503, 0, "at most 100")
		if status, _, err := l.tool(t.Context(), "/sms"); status != 200 || err != nil { // it does not wait
			t.Errorf("%d, %v", status, err)
		}
		l.engine.EndWaits()
		for _, w := range all {
			w.wants(t, 503, 0, "The server ends.")
		}
		l.waits(t.Context(), "/sms?wait=1m").wants(t, 503, 0, "The server ends.")
	})
}

// The code of an authenticator app comes with the engine's time, by which it expires; no
// code of a Generic OTP factor comes to a phone.
func TestCodeOfAFactor(t *testing.T) {
	s := newSite(t)
	totp := s.must(201, "POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo","totp_user":"a"}`)
	id := totp["id"].(string)
	s.must(200, "POST /_emulate/clock", `{"advance":"61s"}`)
	code, next, _, err := s.engine.AuthenticatorCode(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	s.meets("GET /_emulate/factors/"+id+"/code?wait=1s", "", 200,
		`{"code":"`+code+`","next":"`+next+`","now":"2026-01-15T12:01:01.000Z","expires_at":"2026-01-15T12:01:30.000Z"}`, "Authorization", "")
	sms := s.enroll(toEnroll)
	s.meets("GET /_emulate/factors/"+sms+"/code", "", 200, `{"code":"","now":"2026-01-15T12:01:01.000Z"}`)
	c := s.challenge(sms)
	s.meets("GET /_emulate/factors/"+sms+"/code", "", 200, fmt.Sprintf(
		`{"code":"<text>","now":"2026-01-15T12:01:01.000Z","expires_at":"2026-01-15T12:11:01.000Z","challenge_id":%q,"body":"<text>"}`, c))
	s.must(204, "DELETE /_emulate/sms", "")
	s.meets("GET /_emulate/factors/"+sms+"/code", "", 200, fmt.Sprintf(
		`{"code":"","now":"2026-01-15T12:01:01.000Z","expires_at":"2026-01-15T12:11:01.000Z","challenge_id":%q}`, c))
	s.meets("GET /_emulate/factors/"+s.enroll(`{"type":"generic_otp"}`)+"/code", "", 400, `{"message":"<text>","code":"bad_request"}`)
	s.meets("GET /_emulate/factors/x/code", "", 404, `{"message":"Authentication Factor not found: 'x'.","code":"entity_not_found","entity_id":"x"}`)
}

// Only what is not WorkOS's says that it is an engine: the API's answers are as they are there.
func TestEngineHeader(t *testing.T) {
	s := newSite(t)
	for call, want := range map[string]string{"GET /health": "1", "GET /_emulate/clock": "1", "GET /auth/factors/x": "", "POST /auth/factors/enroll": ""} {
		if got := s.do(call, "").header.Get("Mfa-Tui-Engine"); got != want {
			t.Errorf("%s: the header is %q, want %q", call, got, want)
		}
	}
}
