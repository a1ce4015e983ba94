package store

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"mfa-tui/workos"
)

// many is a file of n factors as they are after some use, and its path.
func many(t testing.TB, n int) (path string, data []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "factors.json")
	s, err := Open(Options{Path: path, Environment: "local"})
	if err != nil {
		t.Fatal(err)
	}
	changes := make([]change, n)
	for i := range changes {
		f := described(totp(i))
		f.ID = fmt.Sprintf("auth_factor_01FVYZ5QM8N98T9ME5BC%06d", i)
		r := Record{Factor: f, VerifiedAt: workos.At(start), History: []Attempt{
			{ChallengeID: fmt.Sprintf("auth_challenge_01FVYZWQTZQ5VB6BC5%06d", i), At: workos.At(start), Outcome: OutcomeVerified},
		}}
		changes[i] = change{f.ID, func(Record, bool) (Record, bool, error) { return r, true, nil }}
	}
	if err := s.commit(ctx, changes...); err != nil {
		t.Fatal(err)
	}
	if data, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return path, data
}

// plain is the file for encoding/json alone: no unknown fields, no checks.
type plain struct {
	Version      int `json:"version"`
	Environments map[string]struct {
		Factors []inFile `json:"factors"`
	} `json:"environments"`
}

// ratio times ours and the reference in turns, so that both meet the same
// machine, and reports the best of ours over the best of the reference.
func ratio(b *testing.B, ours, reference func() error) {
	b.Helper()
	best := [2]time.Duration{time.Hour, time.Hour}
	for b.Loop() {
		for i, f := range []func() error{ours, reference} {
			began := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			best[i] = min(best[i], time.Since(began))
		}
	}
	b.ReportMetric(0, "ns/op") // of both together it says nothing
	b.ReportMetric(float64(best[0].Microseconds())/1000, "ms/ours")
	b.ReportMetric(float64(best[1].Microseconds())/1000, "ms/reference")
	b.ReportMetric(float64(best[0])/float64(best[1]), "ratio")
}

// BenchmarkLoad opens files of 10,000 and of 100,000 factors; the reference is
// encoding/json decoding the same bytes on one processor. The goal is 20 ms and
// 200 ms on two processors.
func BenchmarkLoad(b *testing.B) {
	for _, factors := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(factors), func(b *testing.B) {
			path, data := many(b, factors)
			ratio(b, func() error {
				_, err := Open(Options{Path: path, Environment: "local"})
				return err
			}, func() error {
				var p plain
				return json.Unmarshal(data, &p)
			})
		})
	}
}

// BenchmarkSave changes a factor among 100,000; the reference encodes them with
// encoding/json, writes the bytes and syncs them. The goal is a ratio of 1.5.
func BenchmarkSave(b *testing.B) {
	path, data := many(b, 100_000)
	s, err := Open(Options{Path: path, Environment: "local"})
	if err != nil {
		b.Fatal(err)
	}
	var p plain
	if err := json.Unmarshal(data, &p); err != nil {
		b.Fatal(err)
	}
	id, n := s.Records()[50_000].ID, 0
	plainPath := filepath.Join(b.TempDir(), "plain.json")
	ratio(b, func() error {
		n++
		_, err := s.SetLabel(ctx, id, fmt.Sprint(n))
		return err
	}, func() error {
		data, err := json.Marshal(p)
		if err != nil {
			return err
		}
		return writeAndSync(plainPath, data)
	})
}

// BenchmarkChange changes a factor among 1,000 after another window has written;
// the reference is what the disk alone takes for the same two files. The goal is
// less than 10 ms of our own.
func BenchmarkChange(b *testing.B) {
	path, data := many(b, 1000)
	var windows [2]*Store
	for i := range windows {
		var err error
		if windows[i], err = Open(Options{Path: path, Environment: "local"}); err != nil {
			b.Fatal(err)
		}
	}
	id, n := windows[0].Records()[500].ID, 0
	plainPath := filepath.Join(b.TempDir(), "plain.json")
	ratio(b, func() error {
		n++
		_, err := windows[n%2].SetLabel(ctx, id, fmt.Sprint(n))
		return err
	}, func() error {
		for range 2 {
			if err := writeAndSync(plainPath, data); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeAndSync(path string, data []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}
