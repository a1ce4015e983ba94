package inspect

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

// BenchmarkServer is what it costs a test server that its calls are kept: the same calls
// with a recorder and without.
func BenchmarkServer(b *testing.B) {
	for name, kept := range map[string]bool{"bare": false, "recorded": true} {
		b.Run(name, func(b *testing.B) {
			engine := local.New(local.Options{APIKey: testKey})
			handler := http.Handler(engine)
			if kept {
				handler = NewServer(engine, "http://127.0.0.1:4100", testKey, time.Now).Handler(engine, func(*http.Request) bool { return false })
			}
			call := func(method, path, body string) string {
				r := httptest.NewRequest(method, path, strings.NewReader(body))
				r.Host = "127.0.0.1"
				r.Header.Set("Authorization", "Bearer "+testKey)
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code >= 300 {
					b.Fatal(w.Code, w.Body)
				}
				return w.Body.String()
			}
			_, rest, _ := strings.Cut(call("POST", "/auth/factors/enroll", `{"type":"sms","phone_number":"+15005550006"}`), `"id":"`)
			id, _, _ := strings.Cut(rest, `"`)
			b.ReportAllocs()
			for b.Loop() {
				call("POST", "/auth/factors/"+id+"/challenge", `{"sms_template":"Foo: {{code}}"}`)
				call("GET", "/auth/factors/"+id, "")
			}
		})
	}
}
