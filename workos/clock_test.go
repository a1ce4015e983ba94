package workos_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"mfa-tui/workos"
)

func TestClockSkew(t *testing.T) {
	now := time.Date(2026, 1, 15, 12, 0, 0, 700_000_000, time.UTC)
	for name, test := range map[string]struct {
		date  string
		skew  time.Duration
		known bool
	}{
		"the same":   {"Thu, 15 Jan 2026 12:00:00 GMT", 0, true},
		"ahead":      {"Thu, 15 Jan 2026 12:00:47 GMT", 47 * time.Second, true},
		"behind":     {"Thu, 15 Jan 2026 11:00:00 GMT", -time.Hour, true},
		"none":       {"", 0, false},
		"not a date": {"yesterday", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := workos.NewClient(workos.ClientOpts{APIKey: "sk", Now: func() time.Time { return now }, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				resp := &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r}
				resp.Header.Set("Date", test.date)
				return resp, nil
			})})
			if err != nil {
				t.Fatal(err)
			}
			if _, known := c.ClockSkew(); known {
				t.Error("known before the first answer")
			}
			_, _ = c.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "f"})
			if skew, known := c.ClockSkew(); skew != test.skew || known != test.known {
				t.Errorf("the skew is %s, %t, want %s, %t", skew, known, test.skew, test.known)
			}
		})
	}
}
