package workos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"mfa-tui/workos"
)

const factorAnswer = `{"object":"authentication_factor","id":"auth_factor_01FVYZ5QM8N98T9ME5BCB2BBMJ","created_at":"2022-02-15T15:14:19.392Z",` +
	`"updated_at":"2022-02-15T15:14:19.392Z","type":"totp","totp":{"issuer":"Foo Corp","user":"alan.turing@example.com"},"user_id":"user_01FVYZ5QM8N98T9ME5BCB2BBMJ"}`

const challengeAnswer = `{"object":"authentication_challenge","id":"auth_challenge_01FVYZWQTZQ5VB6BC5MPG2EYC5","created_at":"2022-02-15T15:26:53.274Z",` +
	`"updated_at":"2022-02-15T15:26:53.274Z","expires_at":"2022-02-15T15:36:53.279Z","authentication_factor_id":"auth_factor_01FVYZ5QM8N98T9ME5BCB2BBMJ"}`

// BenchmarkCall compares a call through the client with the same one, with the
// same headers and the same limit of time, through net/http and encoding/json
// alone: in turns, by the medians. The goal is 1.1.
func BenchmarkCall(b *testing.B) {
	ctx := context.Background()
	for name, answer := range map[string]string{"get": factorAnswer, "post": challengeAnswer} {
		b.Run(name, func(b *testing.B) {
			s := newServer(b, say(200, answer, "Content-Type", "application/json"))
			client := s.client(b)
			plain := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone(), Timeout: 15 * time.Second}
			ours := func() error {
				if name == "get" {
					_, err := client.GetFactor(ctx, workos.GetFactorOpts{FactorID: "auth_factor_01"})
					return err
				}
				_, err := client.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: "auth_factor_01", SMSTemplate: "{{code}}", IdempotencyKey: "k"})
				return err
			}
			bare := func() error {
				if name == "get" {
					return bareCall(plain, "GET", s.URL+"/auth/factors/auth_factor_01", nil, new(workos.Factor))
				}
				return bareCall(plain, "POST", s.URL+"/auth/factors/auth_factor_01/challenge", workos.ChallengeFactorOpts{SMSTemplate: "{{code}}"}, new(workos.Challenge))
			}
			var took [2][]time.Duration
			for b.Loop() {
				for i, call := range []func() error{ours, bare} {
					began := time.Now()
					if err := call(); err != nil {
						b.Fatal(err)
					}
					took[i] = append(took[i], time.Since(began))
				}
			}
			for i := range took {
				slices.Sort(took[i])
			}
			at := func(i, percent int) float64 { return float64(took[i][len(took[i])*percent/100].Nanoseconds()) / 1000 }
			b.ReportMetric(0, "ns/op") // of both together it says nothing
			b.ReportMetric(at(0, 50), "µs/ours")
			b.ReportMetric(at(1, 50), "µs/bare")
			b.ReportMetric(at(0, 50)/at(1, 50), "ratio")
			b.ReportMetric(at(0, 10)/at(1, 10), "p10-ratio")
		})
	}
}

// bareCall is what one writes without a client.
func bareCall(c *http.Client, method, url string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+testKey)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "test/1")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", "k")
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", resp.Status)
	}
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, out)
}
