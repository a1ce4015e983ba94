package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// says has the conversation that follows from what the person types, to its end.
func (p *person) says(lines ...string) string {
	p.t.Helper()
	var out bytes.Buffer
	if err := p.model.Converse(context.Background(), strings.NewReader(strings.Join(lines, "\n")+"\n"), &out); err != nil {
		p.t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b│─╭┌█▀▄•✓✗·") {
		p.t.Errorf("not for the ear:\n%s", out.String())
	}
	return out.String()
}

// conversation is the whole flow, up to the code of each factor.
var conversation = []string{
	"nonsense", "n", "1", "Foo: Corp", "Foo Corp", "alan@example.com", "s", "u", "d", "c", "o", "12345", "123456", "b", "e", "mine", "b",
	"n", "2", "+1 500", "+1 (500) 555-0006", "c", "no code", "Foo says {{code}}", "o", "r", "000000", "b", "r", "b",
	"n", "3", "c", "o", "b", "b", "s", "f", "mine", "1", "b", "f", "", "1", "x", "no", "x", "yes",
	"a", "auth_factor_", "auth_factor_01FVYZ5QM8N98T9ME5BCB2BBMJ", "1", "f", "yes", "1", "b", "q",
}

func TestConversation(t *testing.T) {
	p := newPerson(t, 80, 24)
	compare(t, filepath.Join("testdata", "conversation.txt"), p.says(conversation...))
	if n := len(p.store.Records()); n != 1 {
		t.Errorf("%d factors are left", n)
	}
}

// Right codes, of an authenticator and of a message.
func TestConversationVerifies(t *testing.T) {
	p := newPerson(t, 80, 24)
	p.says("n", "1", "Foo", "a@b.co")
	totp := p.newest()
	if out := p.says("1", "c", p.appCode(totp.ID)); !strings.Contains(out, "Verified. Foo, a@b.co, challenge auth_challenge_") {
		t.Error(out)
	}
	if out := p.says("1", "d"); strings.Contains(out, "hear the secret") || !strings.Contains(out, "Verified: 2026-01-15 12:00:00 UTC, just now.") {
		t.Error(out)
	}
	p.says("n", "2", "+15005550006", "c", "")
	sms := p.newest()
	p.now = p.now.Add(time.Minute)
	d := &dialog{asked: make(chan bool, 10), answers: []func() string{
		word("1"), word("c"), word(""), func() string { return p.smsCode("+15005550006") }, word("q"),
	}}
	if err := p.model.Converse(context.Background(), d, d); err != nil || !strings.Contains(d.heard.String(), "Verified. phone ending in 0006") {
		t.Errorf("%v\n%s", err, d.heard.String())
	}
	if r, _ := p.store.Record(sms.ID); r.VerifiedAt.IsZero() {
		t.Error("not verified")
	}
}

// Wherever the input ends, the conversation does, and nothing is lost.
func TestConversationEndsAnywhere(t *testing.T) {
	for n := range conversation {
		p := newPerson(t, 80, 24)
		p.says(conversation[:n]...)
		if unsaved, err := p.model.Unsaved(); unsaved != nil || err != nil {
			t.Errorf("after %d lines: %s, %v", n, unsaved, err)
		}
	}
}

func TestConversationIsEndedFromOutside(t *testing.T) {
	p := newPerson(t, 80, 24)
	ctx, cancel := context.WithCancel(context.Background())
	in, _ := io.Pipe() // nobody types
	ended := make(chan error)
	go func() { ended <- p.model.Converse(ctx, in, io.Discard) }()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// What can't be saved is asked for until it is, or printed at the end.
func TestConversationOfAnUnsavedFactor(t *testing.T) {
	p := newPerson(t, 80, 24)
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		p.lock() // the disk fails after the call
		p.wire.fault = nil
		return nil, nil
	}
	out := p.says("n", "2", "+15005550006", "", "g")
	for _, want := range []string{"The factor is enrolled, but the factor file could not be written", "Its id is auth_factor_", "SMS, phone ending in 0006, not saved"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	if unsaved, err := p.model.Unsaved(); err != nil || !strings.Contains(string(unsaved), `"id": "auth_factor_`) {
		t.Errorf("unsaved at the end is %s, %v", unsaved, err)
	}
	p.unlock()
	if out := p.says("1", "c", "", "b", "q"); !strings.Contains(out, "Enter the code sent to") {
		t.Error(out)
	}
}

// A person without a factor file is told, and may try again.
func TestConversationWithoutAStore(t *testing.T) {
	p := newPerson(t, 80, 24)
	opts := p.options()
	opts.StoreErr = errors.New("/data/factors.json is broken")
	p.model = New(opts)
	out := p.says("x", "r", "q")
	for _, want := range []string{"The factor file can't be read: /data/factors.json is broken", `"x" is none of the choices`, "No current factors"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
}

// A terminal that is gone is an error, not a loop.
func TestConversationWithNobody(t *testing.T) {
	p := newPerson(t, 80, 24)
	if err := p.model.Converse(context.Background(), strings.NewReader("q\n"), brokenWriter{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// dialog is a person who answers each question when it is asked.
type dialog struct {
	heard   bytes.Buffer
	asked   chan bool
	answers []func() string
}

func word(w string) func() string { return func() string { return w } }

func (d *dialog) Write(text []byte) (int, error) {
	d.heard.Write(text)
	if bytes.HasSuffix(text, []byte(": ")) {
		d.asked <- true
	}
	return len(text), nil
}

func (d *dialog) Read(line []byte) (int, error) {
	if len(d.answers) == 0 {
		return 0, io.EOF
	}
	<-d.asked
	answer := d.answers[0]
	d.answers = d.answers[1:]
	return copy(line, answer()+"\n"), nil
}

// A label that another factor has is refused, and said so.
func TestConversationRefusesALabel(t *testing.T) {
	p := newPerson(t, 80, 24)
	if out := p.says("n", "3", "e", "mine", "b", "n", "3", "e", "mine"); !strings.Contains(out, `Not saved: label: "mine" already names mine (auth_factor_`) {
		t.Error(out)
	}
}
