package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
)

func export1(t *testing.T, s *Store, secrets bool) []byte {
	t.Helper()
	data, err := s.Export(secrets, start)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestExportAndImport(t *testing.T) {
	from, to := open(t, newPath(t)), open(t, newPath(t))
	put(t, from, totp(1), sms(2))
	if _, err := from.SetLabel(ctx, sms(2).ID, "mine"); err != nil {
		t.Fatal(err)
	}
	if _, err := from.Finished(ctx, sms(2).ID, "c1", OutcomeVerified, start); err != nil {
		t.Fatal(err)
	}
	for _, secrets := range []bool{false, true} {
		if got := strings.Contains(string(export1(t, from, secrets)), secret); got != secrets {
			t.Errorf("asked for secrets: %t, they are in it: %t", secrets, got)
		}
	}
	data := export1(t, from, true)
	for _, want := range []ImportReport{{Added: 2, Rejected: []string{}}, {Unchanged: 2, Rejected: []string{}}} {
		if got, err := to.Import(ctx, data); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	}
	if got, want := ids(to.Records()), ids(from.Records()); !slices.Equal(got, want) {
		t.Errorf("imported %v, want %v", got, want)
	}
	for _, want := range from.Records() {
		got, _ := to.Record(want.ID)
		got.raw, want.raw = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("imported %+v, want %+v", got, want)
		}
	}
}

// What is printed when it can't be saved is a bare list.
func TestImportOfTheUnsaved(t *testing.T) {
	s := open(t, newPath(t))
	data, err := json.Marshal([]Record{{Factor: totp(1)}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Import(ctx, data); err != nil || got.Added != 1 || len(s.Records()) != 1 || !s.Records()[0].HasSecret() {
		t.Errorf("%+v, %v, %+v", got, err, s.Records())
	}
}

// An older version kept nanoseconds. Times are written with milliseconds from then on;
// that each of them is a factor is said in an export, and not on each line of the file.
func TestTimesOfAnOlderVersion(t *testing.T) {
	path := newPath(t)
	put(t, open(t, path), sms(1))
	older := strings.NewReplacer(`:01.000Z"`, `:01.123456789Z"`, `"updated_at"`, `"verified_at":"2026-01-15T12:00:00.5Z","updated_at"`).Replace(read(t, path))
	write(t, path, older)
	s := open(t, path)
	r, _ := s.Record(sms(1).ID)
	if !r.VerifiedAt.Equal(start.Add(500*time.Millisecond)) || r.CreatedAt.Nanosecond() != 123456789 {
		t.Errorf("read %+v", r)
	}
	if _, err := s.SetLabel(ctx, r.ID, "app"); err != nil {
		t.Fatal(err)
	}
	now := read(t, path)
	if !strings.Contains(now, `"created_at":"2026-01-15T12:00:01.123Z"`) || !strings.Contains(now, `"verified_at":"2026-01-15T12:00:00.500Z"`) || strings.Contains(now, "object") {
		t.Errorf("written: %s", now)
	}
	exported := string(export1(t, s, false))
	if !strings.Contains(exported, `"object": "authentication_factor"`) || !strings.Contains(exported, `"exported_at": "2026-01-15T12:00:00.000Z"`) {
		t.Errorf("exported: %s", exported)
	}
	if report, err := s.Import(ctx, []byte(exported)); err != nil || report.Unchanged != 1 {
		t.Errorf("import: %+v, %v", report, err)
	}
}

// A factor that both have is merged: nothing that is known here is lost.
func TestImportMerges(t *testing.T) {
	here, there := open(t, newPath(t)), open(t, newPath(t))
	for i, s := range []*Store{here, there} {
		put(t, s, sms(1))
		if _, err := s.Finished(ctx, sms(1).ID, fmt.Sprint("c", i), OutcomeWrongCode, start.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	newer := sms(1)
	newer.UpdatedAt, newer.SMS = workos.At(newer.UpdatedAt.Add(time.Hour)), &workos.SMSDetails{PhoneNumber: "+15005550009"}
	if _, err := here.Refreshed(ctx, newer); err != nil {
		t.Fatal(err)
	}
	if _, err := there.SetLabel(ctx, newer.ID, "theirs"); err != nil {
		t.Fatal(err)
	}
	if got, err := here.Import(ctx, export1(t, there, false)); err != nil || got.Updated != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	r, _ := here.Record(newer.ID)
	if r.SMS.PhoneNumber != "+15005550009" || r.Label != "theirs" || len(r.History) != 2 || r.History[0].ChallengeID != "c0" {
		t.Errorf("merged to %+v", r)
	}
	if got, err := here.Import(ctx, export1(t, there, false)); err != nil || got.Unchanged != 1 {
		t.Errorf("again: %+v, %v", got, err)
	}
}

// All or nothing: one factor that can't be taken in keeps all out.
func TestImportRefused(t *testing.T) {
	of := func(environment, factors string) string {
		return `{"version":1,"environment":"` + environment + `","factors":[` + factors + `]}`
	}
	const good = `{"id":"auth_factor_1","type":"totp"}`
	for text, want := range map[string]string{
		"":                                "read the export: it is empty",
		"{\n\"é":                          "read the export: it is cut off at line 2, column 3",
		"{\n\"é\" 1}":                     "read the export: it is not valid JSON: unexpected \"1\" at line 2, column 5",
		"no JSON":                         "unexpected \"o\" at line 1, column 2",
		"{}\n{}":                          "read the export: more text follows its end at line 1, column 3",
		"[1]":                             "read the list of factors: it has the wrong type (number)",
		"7":                               "read the export: it has the wrong type (number) at line 1, column 2",
		"[{\"id\":\"\xe9\"}]":             "not UTF-8 text",
		`[{"created_at":"yesterday"}]`:    `"yesterday" is not a time such as`,
		"{}":                              "no version",
		`{"version":2}`:                   "version 2",
		`{"version":1,"environments":{}}`: "not an export: it has no environment",
		of("client_1", good):              `environment "client_1"`,
		of("local", good+","+good):        "twice",
		of("local", good+`,{}`):           "factor 2 has no id",
		"[" + good + `,{"id":"x"}]`:       "factor 2 (x) has no type",
		of("local", `{"id":7}`):           `read the export: "id" has the wrong type (number) at line 1`,
		of("local", good+`,"factor"`):     "read the export",
	} {
		path := newPath(t)
		s := open(t, path)
		report, err := s.Import(ctx, []byte(text))
		if err == nil || !strings.Contains(err.Error()+strings.Join(report.Rejected, " "), want) {
			t.Errorf("%s: %+v, %v", text, report, err)
		}
		if err != nil && strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v", text, err)
		}
		if len(report.Rejected) > 0 != errors.Is(err, ErrRejected) || len(s.Records()) > 0 {
			t.Errorf("%s: %+v, %v, %v", text, report, err, s.Records())
		}
	}
}

func TestImportThatIsNotSaved(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(2))
	defer block(t, path)()
	data, err := json.Marshal([]Record{{Factor: totp(1)}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Import(ctx, data); err == nil || got.Added != 0 || len(s.Unsaved()) != 1 {
		t.Errorf("%+v, %v, %v", got, err, s.Unsaved())
	}
}

func TestWriteExport(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1))
	for _, want := range []string{"", "-2"} {
		got, err := s.WriteExport(start)
		if err != nil || got != path+".export-20260115T120000Z"+want || strings.Contains(read(t, got), secret) {
			t.Errorf("%s, %v", got, err)
		}
	}
	if err := s.Forget(ctx, totp(1).ID); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Import(ctx, []byte(read(t, path+".export-20260115T120000Z"))); err != nil || got.Added != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}
