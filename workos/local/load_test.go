package local_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

// worker is one of many clients: it remembers what it was answered.
type worker struct {
	*site
	number   int
	requests int
	factors  map[string]string // the body of GET by id; empty for a deleted one
	verified []string          // challenges
}

func (w *worker) ask(status int, call, body string) map[string]any {
	w.requests++
	return w.must(status, call, body)
}

// round enrolls, reads, challenges and verifies: nine requests with known answers.
func (w *worker) round(n int) {
	phone := fmt.Sprintf("+1%04d%06d", 1000+w.number, n)
	body := `{"type":"generic_otp"}`
	if n%8 == 0 {
		body = `{"type":"sms","phone_number":"` + phone + `"}`
	}
	f := w.ask(201, "POST /auth/factors/enroll", body)
	id := f["id"].(string)
	path := "/auth/factors/" + id
	w.requests++
	w.factors[id] = w.do("GET "+path, "").body
	if !strings.Contains(w.factors[id], id) || n%8 == 0 && !strings.Contains(w.factors[id], phone) {
		w.t.Errorf("%s is %s", id, w.factors[id])
	}
	c := w.ask(201, "POST "+path+"/challenge", "{}")
	if c["authentication_factor_id"] != id {
		w.t.Errorf("the challenge is of %v, want %s", c["authentication_factor_id"], id)
	}
	code, known := c["code"].(string)
	if !known {
		text, _, err := w.engine.SMS(w.t.Context(), c["id"].(string))
		if err != nil || len(text) < 6 {
			w.t.Errorf("the phone got %q, %v", text, err)
		}
		code = strings.TrimSuffix(strings.TrimPrefix(text, "Your verification code is "), ".")
	}
	verify := fmt.Sprintf("POST /auth/challenges/%s/verify", c["id"])
	if v := w.ask(201, verify, `{"code":"wrong"}`); v["valid"] != false {
		w.t.Errorf("a wrong code: %v", v)
	}
	if v := w.ask(201, verify, `{"code":"`+code+`"}`); v["valid"] != true {
		w.t.Errorf("the right code: %v", v)
	}
	if e := w.ask(422, verify, `{"code":"`+code+`"}`); e["code"] != "authentication_challenge_previously_verified" {
		w.t.Errorf("the used code: %v", e)
	}
	w.verified = append(w.verified, verify)
	gone := w.ask(201, "POST /auth/factors/enroll", `{"type":"generic_otp"}`)["id"].(string)
	w.ask(204, "DELETE /auth/factors/"+gone, "")
	w.ask(404, "GET /auth/factors/"+gone, "")
	w.factors[gone] = ""
}

// 64 clients at once get no wrong answer, while the state is written again and
// again; and what was written last is what they were answered.
func TestManyClients(t *testing.T) {
	const clients, all = 64, 20_000
	rounds := 2
	if os.Getenv("LONG_TESTS") != "" {
		rounds = all/clients/9 + 1
	}
	storage := &disk{}
	s := newSite(t, func(o *local.Options) { o.Outbox, o.Storage, o.Deferred = 10_000, storage, true })
	workers := make([]*worker, clients)
	var busy sync.WaitGroup
	for i := range workers {
		w := &worker{site: s, number: i, factors: map[string]string{}}
		workers[i] = w
		busy.Go(func() {
			for n := range rounds {
				if t.Failed() {
					return
				}
				w.round(n)
				if i == 0 {
					copyState(t, s.engine, storage)
				}
			}
		})
	}
	busy.Wait()
	engine := copyState(t, s.engine, storage)
	restored := &site{t: t, engine: engine, url: "http://engine", client: &http.Client{Transport: watch{t, engine, nil}}}
	requests := 0
	for _, w := range workers {
		requests += w.requests
		for id, want := range w.factors {
			switch r := restored.do("GET /auth/factors/"+id, ""); {
			case want == "" && r.status != 404, want != "" && r.body != want:
				t.Errorf("restored is %d %s, want %q", r.status, r.body, want)
			}
		}
		for _, verify := range w.verified {
			restored.must(422, verify, `{"code":"1"}`)
		}
	}
	t.Logf("%d requests", requests)
}

// copyState makes an engine of what another one writes now.
func copyState(t *testing.T, from *local.Engine, storage *disk) *local.Engine {
	t.Helper()
	to := local.New(local.Options{
		APIKey: siteKey, Now: func() time.Time { return siteStart }, Storage: storage.copy(t, from), Deferred: true,
	})
	if err := to.Flush(ctx); err != nil {
		t.Error(err)
	}
	return to
}

// A code that two clients verify at once is accepted once, on one challenge and
// on two of the same TOTP factor.
func TestOneCodeTwoClients(t *testing.T) {
	seed := goodSeed(t)
	for range 20 {
		s := newSite(t, func(o *local.Options) { o.Seed = seed })
		c := s.must(201, "POST /auth/factors/auth_factor_01CODE/challenge", "{}")
		same := fmt.Sprintf("POST /auth/challenges/%s/verify", c["id"])
		one, two := s.challenge("auth_factor_01APP"), s.challenge("auth_factor_01APP")
		for name, calls := range map[string]struct {
			first, second, code string
		}{
			"one challenge": {same, same, c["code"].(string)},
			"one factor":    {"POST /auth/challenges/" + one + "/verify", "POST /auth/challenges/" + two + "/verify", seedCode},
		} {
			var accepted atomic.Int32
			var both sync.WaitGroup
			for _, call := range []string{calls.first, calls.second} {
				both.Go(func() {
					if r := s.do(call, `{"code":"`+calls.code+`"}`); strings.Contains(r.body, `"valid":true`) {
						accepted.Add(1)
					}
				})
			}
			both.Wait()
			if accepted.Load() != 1 {
				t.Errorf("%s: accepted %d times", name, accepted.Load())
			}
		}
	}
}
