package local

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/watch"
)

// What follows is for a person who watches the engine. It copies, so that the engine is
// locked as short as possible.

// Counts counts what the engine has.
func (e *Engine) Counts(ctx context.Context) (c watch.Counts, err error) {
	err = e.transact(ctx, func(s *state) bool {
		c = watch.Counts{Messages: len(newest(s.Outbox, e.opts.Outbox)), Factors: len(s.Factors), Users: len(s.Users)}
		return false
	})
	return c, err
}

// SeenMessages returns all messages in the outbox, newest first.
func (e *Engine) SeenMessages(ctx context.Context) (all []watch.Message, err error) {
	err = e.transact(ctx, func(s *state) bool {
		now, kept := e.Time(), newest(s.Outbox, e.opts.Outbox)
		all = make([]watch.Message, 0, len(kept))
		for _, m := range slices.Backward(kept) {
			seen := watch.Message{
				N: messageNumber(m.ID), ID: m.ID, Mail: m.Channel == Email, To: m.To, Body: m.Body, Code: m.Code,
				FactorID: m.FactorID, ChallengeID: m.ChallengeID, SentAt: m.SentAt, Verdict: watch.Gone,
			}
			if code := s.codeOf(m); code != nil {
				seen.Verdict, seen.Until = code.verdict(now), code.ExpiresAt
			}
			all = append(all, seen)
		}
		return false
	})
	return all, err
}

// codeOf is what a message brought, nil if that is gone.
func (s *state) codeOf(m Message) *oneTime {
	if m.Channel != Email {
		if c := s.Challenges[m.ChallengeID]; c != nil {
			return &c.oneTime
		}
		return nil
	}
	u := s.userByEmail(m.To)
	if u == nil {
		return nil
	}
	if auth := s.index.magicAuths[u.ID]; auth != nil && auth.Code == m.Code && auth.CreatedAt.Equal(m.SentAt) {
		return &auth.oneTime
	}
	return nil
}

func (c *oneTime) verdict(now time.Time) watch.Verdict {
	switch {
	case c.Verified:
		return watch.Used
	case c.expired(now):
		return watch.Expired
	case c.Wrong >= MaxWrongCodes:
		return watch.TooMany
	case c.Wrong > 0:
		return watch.WrongCodes
	}
	return watch.Open
}

// SeenFactors returns all factors, newest first, each with as many of its challenges as
// most, the newest ones.
func (e *Engine) SeenFactors(ctx context.Context, most int) (all []watch.Factor, err error) {
	err = e.transact(ctx, func(s *state) bool {
		now := e.Time()
		all = make([]watch.Factor, 0, len(s.Factors))
		for _, f := range s.Factors {
			seen := watch.Factor{Factor: f.full()}
			if f.UsedStep != 0 {
				seen.UsedUntil = time.Unix((f.UsedStep+1)*totpPeriod, 0)
			}
			for _, c := range s.index.challenges[f.ID] {
				seen.Challenges = append(seen.Challenges, watch.Challenge{ID: c.ID, Verdict: c.verdict(now), Wrong: c.Wrong, CreatedAt: c.CreatedAt})
				if at := c.verifiedAt(); at.After(seen.VerifiedAt) {
					seen.VerifiedAt = at
				}
			}
			all = append(all, seen)
		}
		return false
	})
	for i, f := range all {
		slices.SortFunc(f.Challenges, func(a, b watch.Challenge) int {
			return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
		})
		all[i].Challenges = slices.Clone(newest(f.Challenges, most))
		if f.TOTP != nil {
			f.TOTP.URI = otpauthURI(f.TOTP.Issuer, f.TOTP.User, f.TOTP.Secret)
		}
	}
	slices.SortFunc(all, func(a, b watch.Factor) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt.Time), cmp.Compare(b.ID, a.ID))
	})
	return all, err
}

// verifiedAt is when the challenge was verified, about then in a state of an older version,
// or zero.
func (c *challenge) verifiedAt() time.Time {
	if c.Verified && c.VerifiedAt.IsZero() {
		return c.CreatedAt
	}
	return c.VerifiedAt
}

// full is the factor with its secret; its URI takes long to make.
func (f *factor) full() workos.Factor {
	full := workos.Factor{ID: f.ID, Type: workos.FactorType(f.Type), UserID: f.UserID, CreatedAt: workos.At(f.CreatedAt), UpdatedAt: workos.At(f.UpdatedAt)}
	switch f.Type {
	case typeSMS:
		full.SMS = &workos.SMSDetails{PhoneNumber: f.Phone}
	case typeTOTP:
		full.TOTP = &workos.TOTPDetails{Issuer: f.Issuer, User: f.User, Secret: f.Secret}
	}
	return full
}

// SeenUsers returns all users, newest first.
func (e *Engine) SeenUsers(ctx context.Context) (all []watch.User, err error) {
	err = e.transact(ctx, func(s *state) bool {
		all = make([]watch.User, 0, len(s.Users))
		for _, u := range s.Users {
			all = append(all, watch.User{User: workos.User{
				ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerified, FirstName: u.FirstName, LastName: u.LastName, Name: u.Name,
				ExternalID: u.ExternalID, CreatedAt: workos.At(u.CreatedAt), UpdatedAt: workos.At(u.UpdatedAt),
			}, Factors: len(s.index.factors[u.ID]), LastSignInAt: u.LastSignInAt})
		}
		return false
	})
	slices.SortFunc(all, func(a, b watch.User) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt.Time), cmp.Compare(b.ID, a.ID))
	})
	return all, err
}

// Changes returns the number of times that the state has changed, so that who watches need
// not read again what has not.
func (e *Engine) Changes() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.changes
}
