package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
)

// delivery is a webhook that has arrived.
type delivery struct{ signature, body string }

// receiver answers its first webhook with 500, and the others with 200.
func receiver(t *testing.T) (url string, arrived chan delivery) {
	arrived = make(chan delivery, 10)
	first := make(chan bool, 1)
	first <- true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		select {
		case <-first:
			w.WriteHeader(500)
		default:
			arrived <- delivery{r.Header.Get("WorkOS-Signature"), string(body)}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, arrived
}

func (d delivery) signedWith(secret string) bool {
	time, hash, _ := strings.Cut(d.signature, ", v1=")
	time, ok := strings.CutPrefix(time, "t=")
	mac := hmac.New(sha256.New, []byte(secret))
	io.WriteString(mac, time+"."+d.body)
	return ok && hash == hex.EncodeToString(mac.Sum(nil))
}

// An event arrives, signed, after an attempt that failed. The log has both, and no secret.
func TestServeWebhook(t *testing.T) {
	t.Parallel() // it waits for an attempt
	for _, given := range []string{"", "given-secret"} {
		url, arrived := receiver(t)
		log := filepath.Join(t.TempDir(), "log")
		s := serve(t, "--webhook", url+"/t0ken", "--webhook-secret", given, "--log", log)
		secret := s.Secret
		if given != "" {
			secret = given
		}
		if (given == "") != (len(s.Secret) > 20) {
			t.Errorf("given %q, printed %q", given, s.Secret)
		}
		if _, err := s.client().CreateUser(context.Background(), workos.CreateUserOpts{Email: "ada@example.com"}); err != nil {
			t.Fatal(err)
		}
		select {
		case d := <-arrived:
			if !d.signedWith(secret) || !strings.Contains(d.body, `"event":"user.created"`) || !strings.Contains(d.body, "ada@example.com") {
				t.Errorf("%+v", d)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no webhook arrives")
		}
		s.stop()
		s.ends()
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"level=WARN msg=webhook event=user.created id=event_", "attempt=1 ", "status=500", "level=INFO msg=webhook event=user.created", "attempt=2 ", "status=200",
		} {
			if !strings.Contains(string(text), want) {
				t.Errorf("the log lacks %q:\n%s", want, text)
			}
		}
		for _, hidden := range []string{secret, "ada@", "v1=", "t0ken"} {
			if strings.Contains(string(text), hidden) {
				t.Errorf("the log has %q:\n%s", hidden, text)
			}
		}
		if said := s.errOut.String(); said != "mfa-tui: the endpoint did not take a webhook and is tried again: it answered 500\n" {
			t.Errorf("it said %q", said)
		}
	}
}

// It ends although nobody takes the webhooks, and says how many are left. The log has each.
func TestServeEndsWithoutAReceiver(t *testing.T) {
	t.Parallel() // it waits for an attempt
	log := filepath.Join(t.TempDir(), "log")
	s := serve(t, "--webhook", "http://127.0.0.1:1/", "--log", log)
	for _, email := range []string{"ada@example.com", "bob@example.com"} {
		if _, err := s.client().CreateUser(context.Background(), workos.CreateUserOpts{Email: email}); err != nil {
			t.Fatal(err)
		}
	}
	s.stop()
	s.ends()
	const tried, left = "mfa-tui: the endpoint did not take a webhook and is tried again: ", "mfa-tui: 2 events were not delivered as webhooks\n"
	if said := s.errOut.String(); strings.Count(said, tried) != 1 || !strings.HasSuffix(said, left) || strings.Contains(said, "127.0.0.1:1/") {
		t.Errorf("it said %q", said)
	}
	if text, err := os.ReadFile(log); err != nil || strings.Count(string(text), `level=ERROR msg="webhook lost" event=user.created id=event_`) != 2 {
		t.Errorf("the log is %s, %v", text, err)
	}
}

func TestServeSaysTheWebhook(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"--webhook https://example.com/hook --webhook-secret given", "Webhooks to     https://example.com/hook\nPress"},
		{"--webhook http://Example.com/ --insecure-http example.com", "Webhooks to     http://Example.com/\nWebhook secret  "},
	} {
		ctx, stop := context.WithCancel(context.Background())
		out, in := io.Pipe()
		ended := make(chan int, 1)
		go func() {
			ended <- run(ctx, append([]string{"serve", "--port", "0"}, strings.Fields(test.args)...), []string{"HOME=/nowhere"}, strings.NewReader(""), in, io.Discard)
			in.Close()
		}()
		text := make([]byte, 1024)
		n, err := out.Read(text)
		if err != nil || !strings.Contains(string(text[:n]), test.want) {
			t.Errorf("%s: %q, %v", test.args, text[:n], err)
		}
		stop()
		if status := <-ended; status != exitDone {
			t.Errorf("exit status %d", status)
		}
	}
}
