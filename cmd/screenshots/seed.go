package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// dataFolder is the data folder in a home.
const dataFolder = "data"

// enrolled is a factor to begin with. When it was enrolled is fixed, and so are
// its id and its secret.
type enrolled struct {
	opts     workos.EnrollFactorOpts
	label    string
	at       string        // RFC 3339
	verified time.Duration // ago; zero for never
}

// factors are in the order of their enrollment: the list shows the newest first.
var factors = []enrolled{
	{
		opts: workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "東京銀行", TOTPUser: "yuki@example.jp"},
		at:   "2026-03-02T08:15:00Z", verified: 72 * time.Hour,
	},
	{opts: workos.EnrollFactorOpts{Type: workos.GenericOTP}, label: "Help desk", at: "2026-04-20T16:40:00Z", verified: 26 * time.Hour},
	{
		opts: workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Bar & Sons", TOTPUser: "ops@example.com"},
		at:   "2026-06-11T09:05:00Z", verified: 3 * time.Hour,
	},
	{
		opts: workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"}, label: "Alan's phone",
		at: "2026-08-24T13:30:00Z", verified: 41 * time.Minute,
	},
	{
		opts: workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "alan@example.com"},
		at:   "2026-10-05T10:20:00Z",
	},
	{
		opts: workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "grace@example.com"},
		at:   "2026-10-06T11:45:00Z", verified: 2 * time.Minute,
	},
}

// seeder enrolls and verifies through the local engine, at times of its choice.
type seeder struct {
	engine *local.Engine
	client *workos.Client
	store  *store.Store
	now    time.Time
}

// seed fills the factor file in a home and the local engine's own beside it.
func seed(ctx context.Context, home string) error {
	path := filepath.Join(home, dataFolder, "mfa-tui", "factors")
	s := &seeder{}
	s.engine = local.New(local.Options{
		Storage: store.NewFile(path + ".local.json"), Rand: rand.NewChaCha8([32]byte{}), Now: func() time.Time { return s.now },
	})
	var err error
	if s.client, err = workos.NewClient(workos.ClientOpts{APIKey: "local", Transport: s.engine}); err != nil {
		return err
	}
	if s.store, err = store.Open(store.Options{Path: path + ".json", Environment: "local"}); err != nil {
		return err
	}
	ids := make([]string, len(factors))
	for i, f := range factors {
		if ids[i], err = s.enroll(ctx, f); err != nil {
			return err
		}
	}
	began := time.Now()
	for i, f := range factors {
		if f.verified == 0 {
			continue
		}
		s.now = began.Add(-f.verified)
		if err := s.verify(ctx, ids[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) enroll(ctx context.Context, f enrolled) (id string, err error) {
	if s.now, err = time.Parse(time.RFC3339, f.at); err != nil {
		return "", err
	}
	factor, err := s.client.EnrollFactor(ctx, f.opts)
	if err != nil {
		return "", err
	}
	_, err = s.store.Put(ctx, store.Record{Factor: factor, Label: f.label})
	return factor.ID, err
}

// verify challenges a factor and answers with the right code.
func (s *seeder) verify(ctx context.Context, id string) error {
	c, err := s.client.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: id, SMSTemplate: "{{code}}"})
	if err != nil {
		return err
	}
	if _, err := s.store.Started(ctx, id, c); err != nil {
		return err
	}
	code, err := s.code(ctx, id, c)
	if err != nil {
		return err
	}
	v, err := s.client.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: c.ID, Code: code})
	if err != nil {
		return err
	}
	if !v.Valid {
		return fmt.Errorf("factor %s does not take the code %q", id, code)
	}
	_, err = s.store.Finished(ctx, id, c.ID, store.OutcomeVerified, s.now)
	return err
}

// code is the right code of a challenge, wherever the person would find it.
func (s *seeder) code(ctx context.Context, id string, c workos.Challenge) (string, error) {
	r, _ := s.store.Record(id)
	switch r.Type {
	case workos.TOTP:
		code, _, _, err := s.engine.AuthenticatorCode(ctx, id)
		return code, err
	case workos.SMS:
		text, _, err := s.engine.LastSMS(ctx, r.SMS.PhoneNumber)
		return text, err
	}
	return c.Code, nil
}
