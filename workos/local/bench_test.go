package local_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

// benchSite is a site that has many factors, with a client that keeps its connections.
type benchSite struct {
	url    string
	client *http.Client
	engine *local.Engine
	first  string // the id of a factor
}

func newBenchSite(b *testing.B, factors int) *benchSite {
	b.Helper()
	seed := &local.Seed{Factors: make([]local.SeedFactor, factors)}
	for i := range seed.Factors {
		seed.Factors[i] = local.SeedFactor{ID: fmt.Sprintf("auth_factor_%026d", i), Type: "generic_otp"}
	}
	s := &benchSite{engine: local.New(local.Options{APIKey: siteKey, Seed: seed}), first: seed.Factors[0].ID}
	s.serve(b, s.engine)
	return s
}

func (s *benchSite) serve(b *testing.B, h http.Handler) {
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	s.url = server.URL
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.Cleanup(s.client.CloseIdleConnections)
}

// send returns the body of an answer, which has to be good.
func (s *benchSite) send(b *testing.B, method, path, body string) string {
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+siteKey)
	resp, err := s.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode > 299 {
		b.Fatalf("%d %s, %v", resp.StatusCode, data, err)
	}
	return string(data)
}

// each measures a call with one client and with 64.
func each(b *testing.B, name string, call func(b *testing.B)) {
	for _, clients := range []int{1, 64} {
		b.Run(fmt.Sprintf("%s/clients=%d", name, clients), func(b *testing.B) {
			b.ReportAllocs()
			start := time.Now()
			if clients == 1 {
				for b.Loop() {
					call(b)
				}
			} else {
				b.SetParallelism(clients / 2) // times GOMAXPROCS, 2 on the machine of the figures
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						call(b)
					}
				})
			}
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "requests/s")
		})
	}
}

// BenchmarkServe measures each call over HTTP on this machine, and beside GET a
// bare handler that answers with the same bytes.
func BenchmarkServe(b *testing.B) {
	s := newBenchSite(b, 1000)
	path := "/auth/factors/" + s.first
	body := []byte(s.send(b, "GET", path, ""))
	bare := &benchSite{}
	bare.serve(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Write(body)
	}))
	each(b, "bare", func(b *testing.B) { bare.send(b, "GET", path, "") })
	each(b, "get", func(b *testing.B) { s.send(b, "GET", path, "") })
	each(b, "enroll totp", func(b *testing.B) {
		s.send(b, "POST", "/auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo Corp","totp_user":"alan@example.com"}`)
	})
	each(b, "enroll otp", func(b *testing.B) { s.send(b, "POST", "/auth/factors/enroll", `{"type":"generic_otp"}`) })
	each(b, "challenge", func(b *testing.B) { s.send(b, "POST", path+"/challenge", `{}`) })
	var person atomic.Int64 // a code ends the one before of the same person
	each(b, "magic auth and authenticate", func(b *testing.B) { s.signIn(b, s.send, fmt.Sprintf("s%d@example.com", person.Add(1)%5000)) })
	each(b, "challenge and verify", func(b *testing.B) {
		_, rest, _ := strings.Cut(s.send(b, "POST", path+"/challenge", `{}`), `"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		s.send(b, "POST", "/auth/challenges/"+id+"/verify", `{"code":"x"}`)
	})
}

// BenchmarkFlat measures the engine alone with ever more factors: a call has to
// cost the same.
func BenchmarkFlat(b *testing.B) {
	for _, factors := range []int{10, 1000, 100_000} {
		s := newBenchSite(b, factors)
		path := "/auth/factors/" + s.first
		for _, call := range []struct{ name, method, path, body string }{
			{"get", "GET", path, ""},
			{"challenge", "POST", path + "/challenge", "{}"},
			{"enroll", "POST", "/auth/factors/enroll", `{"type":"generic_otp"}`},
		} {
			b.Run(fmt.Sprintf("%s/factors=%d", call.name, factors), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					s.direct(b, call.method, call.path, call.body)
				}
			})
		}
		s.enrollAndDelete(b, fmt.Sprintf("enroll and delete/factors=%d", factors))
	}
}

func (s *benchSite) enrollAndDelete(b *testing.B, name string) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, rest, _ := strings.Cut(s.direct(b, "POST", "/auth/factors/enroll", `{"type":"generic_otp"}`), `"id":"`)
			id, _, _ := strings.Cut(rest, `"`)
			s.direct(b, "DELETE", "/auth/factors/"+id, "")
		}
	})
}

// BenchmarkFlatChallenges is the same with ever more challenges of another factor, up to
// as many as are kept.
func BenchmarkFlatChallenges(b *testing.B) {
	for _, challenges := range []int{10, 10_000} {
		s := &benchSite{engine: local.New(local.Options{APIKey: siteKey, Seed: &local.Seed{Factors: []local.SeedFactor{{ID: "f", Type: "generic_otp"}}}})}
		for range challenges {
			s.direct(b, "POST", "/auth/factors/f/challenge", "{}")
		}
		s.enrollAndDelete(b, fmt.Sprintf("enroll and delete/challenges=%d", challenges))
	}
}

// BenchmarkFlatUsers is the same of users, of whom each has a factor.
func BenchmarkFlatUsers(b *testing.B) {
	for _, users := range []int{10, 1000, 100_000} {
		seed := &local.Seed{}
		for i := range users {
			id := fmt.Sprintf("user_%026d", i)
			seed.Users = append(seed.Users, local.SeedUser{ID: id, Email: fmt.Sprintf("u%d@example.com", i), ExternalID: fmt.Sprint(i)})
			seed.Factors = append(seed.Factors, local.SeedFactor{ID: fmt.Sprintf("auth_factor_%026d", i), Type: "generic_otp", UserID: id})
		}
		s := &benchSite{engine: local.New(local.Options{APIKey: siteKey, Seed: seed})}
		path := "/user_management/users/" + seed.Users[0].ID
		for _, call := range []struct{ name, method, path, body string }{
			{"by email", "GET", "/user_management/users?email=U7@example.com", ""},
			{"by external id", "GET", "/user_management/users/external_id/7", ""},
			{"update", "PUT", path, `{"email":"U0@example.com","external_id":"zero","metadata":{"a":"b"}}`},
			{"factors", "GET", path + "/auth_factors", ""},
			{"events", "GET", "/events?events=user.updated", ""},
		} {
			b.Run(fmt.Sprintf("%s/users=%d", call.name, users), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					s.direct(b, call.method, call.path, call.body)
				}
			})
		}
		b.Run(fmt.Sprintf("sign in/users=%d", users), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.signIn(b, s.direct, "u1@example.com")
			}
		})
		b.Run(fmt.Sprintf("create and delete/users=%d", users), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, rest, _ := strings.Cut(s.direct(b, "POST", "/user_management/users", `{"email":"new@example.com","external_id":"new"}`), `"id":"`)
				id, _, _ := strings.Cut(rest, `"`)
				s.direct(b, "DELETE", "/user_management/users/"+id, "")
			}
		})
	}
}

// signIn signs a user in with a code that came by e-mail. One who is not there is added.
func (s *benchSite) signIn(b *testing.B, send func(b *testing.B, method, path, body string) string, email string) {
	_, rest, _ := strings.Cut(send(b, "POST", "/user_management/magic_auth", `{"email":"`+email+`"}`), `"code":"`)
	code, _, _ := strings.Cut(rest, `"`)
	send(b, "POST", "/user_management/authenticate", `{"client_id":"client_1","client_secret":"`+siteKey+`",
		"grant_type":"urn:workos:oauth:grant-type:magic-auth:code","email":"`+email+`","code":"`+code+`"}`)
}

func (s *benchSite) direct(b *testing.B, method, path, body string) string {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+siteKey)
	w := httptest.NewRecorder()
	if s.engine.ServeHTTP(w, r); w.Code > 299 {
		b.Fatal(w.Code, w.Body)
	}
	return w.Body.String()
}
