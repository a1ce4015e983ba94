package factors_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

func TestSorted(t *testing.T) {
	fx := newFixture(t)
	phone := func(number string) *workos.SMSDetails { return &workos.SMSDetails{PhoneNumber: number} }
	for i, r := range []store.Record{
		{Factor: workos.Factor{ID: "a", Type: workos.SMS, SMS: phone("+15005550006")}},
		{Factor: workos.Factor{ID: "b"}, Label: "person 10", VerifiedAt: workos.At(start)},
		{Factor: workos.Factor{ID: "c"}, Label: "Alpha", VerifiedAt: workos.At(start.Add(time.Hour))},
		{Factor: workos.Factor{ID: "d"}, Label: "Person 2"},
		{Factor: workos.Factor{ID: "e", Type: workos.SMS, SMS: phone("+4930123")}}, // shorter, but not before +1
		{Factor: workos.Factor{ID: "f"}, Label: "person"},
	} {
		r.CreatedAt = workos.At(start.Add(time.Duration(i) * time.Minute))
		if _, err := fx.Store.Put(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	for order, want := range map[factors.Order]string{factors.ByNewest: "fedcba", factors.ByName: "aecfdb", factors.ByVerified: "cbfeda"} {
		var got string
		for _, r := range fx.Sorted(order) {
			got += r.ID
		}
		if got != want {
			t.Errorf("%s: %s, want %s", order, got, want)
		}
	}
	if o := factors.ByNewest.Next().Next().Next(); o != factors.ByNewest {
		t.Errorf("after the last order: %s", o)
	}
}

// A pause follows each message to a phone. A pause that the service asks for replaces
// it, and a clock that is moved back ends it.
func TestPauses(t *testing.T) {
	var p factors.Pauses
	sms := store.Record{Factor: workos.Factor{ID: "a", Type: workos.SMS}}
	left := func(at time.Duration, want time.Duration) {
		t.Helper()
		if got := p.Left("a", start.Add(at)); got != want {
			t.Errorf("%s are left at %s, want %s", got, at, want)
		}
	}
	left(0, 0)
	p.Begin(store.Record{Factor: workos.Factor{ID: "a", Type: workos.TOTP}}, nil, start)
	left(0, 0)
	p.Begin(sms, nil, start)
	left(0, 30*time.Second)
	left(29*time.Second, time.Second)
	left(30*time.Second, 0)
	left(-time.Hour, 0)
	p.Begin(sms, &workos.Error{StatusCode: http.StatusTooManyRequests, RetryAfter: 90 * time.Second}, start)
	left(31*time.Second, 59*time.Second)
	p.Begin(sms, &workos.Error{StatusCode: http.StatusInternalServerError}, start) // nothing was sent
	left(31*time.Second, 59*time.Second)
	if got := p.Left("b", start); got != 0 {
		t.Errorf("another phone: %s", got)
	}
}

// The clocks are compared after two wrong codes of an authenticator app.
func TestClockAdvice(t *testing.T) {
	totp := store.Record{Factor: workos.Factor{Type: workos.TOTP}}
	for want, ahead := range map[string]time.Duration{
		"usually the phone's clock is off: this computer and the local engine agree on 12:00:00 UTC": 0,
		"set this computer's clock: it is 12:00:00 UTC here, 47s behind the local engine":            47 * time.Second,
		"set this computer's clock: it is 12:00:00 UTC here, 1h0m0s ahead of the local engine":       -time.Hour,
	} {
		fx := newFixture(t)
		said := func(r store.Record, times int) string {
			advice, compared := fx.WrongCodeAdvice(r, times)
			return strings.Trim(advice+": "+compared, ": ")
		}
		if got := said(totp, 2); got != "usually a clock is off: it is 12:00:00 UTC here" {
			t.Errorf("before the first answer: %q", got)
		}
		fx.engine.MoveClock(ahead)
		if _, err := fx.FindUsers(context.Background(), "a@b.co"); err != nil {
			t.Fatal(err)
		}
		if got := said(totp, 2); got != want {
			t.Errorf("%s: %q, want %q", ahead, got, want)
		}
		sms := store.Record{Factor: workos.Factor{Type: workos.SMS}}
		if got := said(totp, 1) + said(sms, 2); got != "" {
			t.Errorf("too early, or of a message: %q", got)
		}
	}
}

// A wrong code says how many a challenge takes, where that is known.
func TestWrongCode(t *testing.T) {
	fx := newFixture(t)
	said := func(want string) {
		t.Helper()
		what, then := fx.WrongCode(store.Record{}, 2)
		if got := words.Sentences(what, then); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	said("Wrong code (2 so far). Try again, or r for a new one.")
	fx.CodeLimit = local.MaxWrongCodes
	said("Wrong code (2 of 5). Try again, or r for a new one.")

	if _, then := fx.WrongCode(store.Record{Factor: workos.Factor{Type: workos.SMS}}, 1); then != "try again, or r to resend" {
		t.Errorf("a wrong code of a message: %q", then)
	}

	// Soon after a verification the code may be the one that was used.
	totp := store.Record{Factor: workos.Factor{Type: workos.TOTP}, VerifiedAt: workos.At(start.Add(-time.Minute))}
	const used = "if you used this code before, wait for the next one"
	for times, want := range []string{"", used, used} {
		if advice, why := fx.WrongCodeAdvice(totp, times); advice != want || why != "" {
			t.Errorf("after %d wrong codes: %q, %q", times, advice, why)
		}
	}
	totp.VerifiedAt = workos.At(start.Add(-2 * time.Minute))
	if advice, _ := fx.WrongCodeAdvice(totp, 1); advice != "" {
		t.Errorf("long after: %q", advice)
	}
}

// The app's code changes with every half minute of the clock.
func TestNextCode(t *testing.T) {
	for after, want := range map[time.Duration]time.Duration{0: 30, 8 * time.Second: 22, 29 * time.Second: 1, 30 * time.Second: 30} {
		if got := factors.NextCode(start.Add(after)); got != want*time.Second {
			t.Errorf("%s after the full minute: %s", after, got)
		}
	}
}

// What is said before a factor is enrolled, and before a message is paid for.
func TestBeforeItCounts(t *testing.T) {
	for want, opts := range map[string]workos.EnrollFactorOpts{
		"in the app: Foo (alan)":                      {Type: workos.TOTP, TOTPIssuer: "Fo\u202eo", TOTPUser: "alan"},
		"codes go to +1 500-555-0006 · United States": {Type: workos.SMS, PhoneNumber: "+1 (500) 5550006"},
		"you deliver the codes":                       {Type: workos.GenericOTP},
	} {
		if got := factors.EnrollPreview(opts); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	phone := func(number string) workos.Factor {
		return workos.Factor{Type: workos.SMS, SMS: &workos.SMSDetails{PhoneNumber: number}}
	}
	for number, want := range map[string]string{"+4915123456789": "+49 1512 3456789 · Germany", "as the server has it": "as the server has it"} {
		if got := factors.SentTo(phone(number)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for mode, want := range map[factors.Mode]string{factors.Local: "test phone", factors.Test: "", factors.Live: "may cost money"} {
		l := &factors.List{Mode: mode}
		if got := l.SendRemark(); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q", mode, got)
		}
	}
	if got := factors.MessageSize("é: {{code}}"); got != "9 characters, 1 segment" {
		t.Errorf("%q", got)
	}
}

// The field for a label refuses what saving it would refuse.
func TestLabelField(t *testing.T) {
	fx := newFixture(t)
	one := fx.enrolls("mine")
	for _, tt := range []struct{ id, label, want string }{
		{"", " mail ", ""}, {one.ID, "mine", ""}, {"", "mine", `"mine" already names mine`}, {"", "auth_factor_1", "looks like a factor ID"},
	} {
		_, err := fx.LabelField(tt.id).Check(tt.label)
		if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), `"`) || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	opts := workos.EnrollFactorOpts{Type: workos.GenericOTP}
	fx.LabelField("").Set(&opts, "mail")
	if opts != (workos.EnrollFactorOpts{Type: workos.GenericOTP}) {
		t.Errorf("a label is sent: %+v", opts)
	}
}

// Every type that is offered can be challenged, and its fields are what an
// enrollment needs.
func TestKinds(t *testing.T) {
	for _, kind := range factors.Kinds() {
		if kind.Does == "" || kind.When == "" || kind.Needs == "" {
			t.Errorf("nothing is said of %s", kind.Name)
		}
		opts := workos.EnrollFactorOpts{Type: kind.Type}
		for _, f := range factors.Fields(kind.Type) {
			answers := []string{" Foo ", " +15005550006 "}
			i := slices.IndexFunc(answers, func(a string) bool { _, err := f.Check(a); return err == nil })
			if _, err := f.Check(""); i < 0 || err == nil {
				t.Fatalf("%s takes %v", f.Name, answers)
			}
			f.Set(&opts, answers[i])
		}
		fx := newFixture(t)
		done, err := fx.Enroll(context.Background(), opts, "")
		if err != nil || !factors.CanChallenge(done.Record.Type) {
			t.Errorf("%s: %+v, %v", kind.Name, done, err)
		}
	}
}
