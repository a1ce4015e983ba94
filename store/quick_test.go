package store

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// checkQuick fails unless the quick reader says of a file what the slow one says,
// or leaves it to it. It reports whether it was quick.
func checkQuick(t *testing.T, data []byte) bool {
	t.Helper()
	quick, ok := parseQuickly(data, "local")
	if !ok {
		return false
	}
	slow, err := parseSlowly(data, "local")
	if err != nil {
		t.Fatalf("quickly read, but not a factor file: %v\n%s", err, data)
	}
	if !bytes.Equal(quick.data, data) || len(quick.records) != len(slow.records) {
		t.Fatalf("%d records, want %d, of\n%s", len(quick.records), len(slow.records), data)
	}
	for i := range slow.records {
		q, s := quick.records[i], slow.records[i]
		if !bytes.Equal(q.raw, s.raw) {
			t.Fatalf("raw %s, want %s", q.raw, s.raw)
		}
		if q.raw, s.raw = nil, nil; !reflect.DeepEqual(q, s) {
			t.Fatalf("%+v\nwant %+v\nof %s", q, s, data)
		}
		if at, found := quick.find(s.ID); !found || at != i {
			t.Fatalf("%q is at %d (%v), want %d", s.ID, at, found, i)
		}
	}
	for _, members := range [][2][]member{{quick.top, slow.top}, {quick.others, slow.others}, {quick.own, slow.own}} {
		if !reflect.DeepEqual(members[0], members[1]) {
			t.Fatalf("around the factors is %q, want %q", members[0], members[1])
		}
	}
	return true
}

// around puts lines of factors into a file as it is written.
func around(lines ...string) []byte {
	return []byte("{\n\"version\": 1,\n\"environments\": {\n\"local\": {\n\"factors\": [\n" + strings.Join(lines, ",\n") + "\n]}}}\n")
}

const (
	lineA = `{"id":"a","type":"sms","sms":{"phone_number":"+15005550006"},"created_at":"2026-01-02T03:04:05.678Z"}`
	lineB = `{"id":"b","type":"totp","totp":{"issuer":"Foo & Co","user":"é","uri":"otpauth://totp/a?b\u0026c"},"challenges":[{"challenge_id":"c","at":"2026-01-02T03:04:05+02:00","outcome":"verified","wrong_codes":12}]}`
)

// What is written here is read quickly, whatever is around it and in it.
func TestWrittenIsReadQuickly(t *testing.T) {
	_, big := many(t, 2000) // more than one goroutine's worth
	for name, data := range map[string][]byte{
		"of two environments":        realFile(t),
		"many":                       big,
		"escapes":                    around(lineA, lineB),
		"a field of a later version": around(lineA, `{"id":"c","type":"sms","later":{"a":[1,null]}}`),
		"a name in another case":     around(lineA, `{"ID":"c","Type":"sms"}`),
		"members around": bytes.Replace(around(lineA), []byte("{\n\"factors\""),
			[]byte("{\n\"later\": [1],\n\"factors\""), 1),
	} {
		t.Run(name, func(t *testing.T) {
			if !checkQuick(t, data) {
				t.Errorf("read slowly:\n%.2000s", data)
			}
		})
	}
}

// What the quick reader can't be sure of it leaves to encoding/json.
func TestOddIsLeftToTheSlowReader(t *testing.T) {
	other := bytes.Replace(around(lineA), []byte(`"local"`), []byte(`"other"`), 1)
	ownFirst := "{\n\"version\": 1,\n\"environments\": {\n\"local\": {\n\"factors\": [\n" + lineA + "\n]},\n\"other\": {\n\"factors\": [\n" + lineB + "\n]}}}\n"
	deep := "{\n\"version\": 1,\n\"environments\": {\"local\": {\"factors\": []}},\n\"later\": {\n\"local\": {\n\"factors\": [\n" + lineB + "\n]}}}\n"
	for name, data := range map[string][]byte{
		"empty":                    {},
		"no factors":               around(),
		"only others":              other,
		"its own first":            []byte(ownFirst),
		"deep in another member":   []byte(deep),
		"an id twice":              around(lineA, lineB, lineA),
		"no id":                    around(lineA, `{"id":"","type":"sms"}`),
		"no comma":                 []byte(strings.Replace(string(around(lineA, lineB)), ",\n{\"id\":\"b\"", "\n{\"id\":\"b\"", 1)),
		"a comma too many":         around(lineA, lineB+","),
		"spread over lines":        around("{\n\"id\":\"a\"\n}"),
		"two on a line":            around(lineA + "," + lineB),
		"null":                     around(lineA, "null"),
		"a bad time":               around(`{"id":"a","created_at":"yesterday"}`),
		"a control character":      around("{\"id\":\"a\x01\"}"),
		"a number with a zero":     around(`{"id":"a","challenges":[{"wrong_codes":01}]}`),
		"a text where none is due": around(`{"id":"a","sms":"b"}`),
		"cut off":                  around(lineA)[:len(around(lineA))-5],
	} {
		t.Run(name, func(t *testing.T) {
			if checkQuick(t, data) {
				t.Errorf("read quickly:\n%s", data)
			}
		})
	}
}

// A record that the quick reader half read is not mixed with what encoding/json says.
func TestSecondsOfAName(t *testing.T) {
	for _, line := range []string{
		`{"id":"a","id":"b"}`, `{"id":"a","label":"x","label":""}`, `{"id":"a","sms":{"phone_number":"1"},"sms":{}}`,
		`{"id":"a","totp":{"issuer":"1"},"totp":{"user":"2"}}`, `{"id":"a","gone_at":"2026-01-02T03:04:05Z","gone_at":null}`,
		`{"id":"a","challenges":[{"at":null}],"challenges":[]}`, `{"id":"a","sms":null}`, `{"id":"a","label":"\ud800"}`,
	} {
		if !checkQuick(t, around(line)) {
			t.Errorf("read slowly: %s", line)
		}
	}
}

// Reading costs a fixed number of allocations a factor.
func TestQuickReadingAllocatesLittle(t *testing.T) {
	const factors = 1000
	_, data := many(t, factors)
	allocs := testing.AllocsPerRun(5, func() {
		if _, ok := parseQuickly(data, "local"); !ok {
			t.Fatal("read slowly")
		}
	})
	if most := 2.5 * factors; allocs > most { // the details and the history
		t.Errorf("%.0f allocations, want at most %.0f", allocs, most)
	}
}

func TestSplit(t *testing.T) {
	lines := "a\nbb\nccc\n\ndddd"
	for n := 1; n < 20; n++ {
		parts := split([]byte(lines), n)
		if got := string(bytes.Join(parts, []byte("\n"))); got != lines || len(parts) > n {
			t.Errorf("%d parts: %q", n, parts)
		}
	}
}

func TestIndex(t *testing.T) {
	records := make([]Record, 3000)
	for i := range records {
		records[i].ID = fmt.Sprint("id", i)
	}
	for _, n := range []int{0, 1, 4, 5, 3000} {
		x, unique := newIndex(records[:n])
		if !unique {
			t.Errorf("of %d, none is there twice", n)
		}
		for i := range records {
			if at, ok := x.find(records[:n], records[i].ID); ok != (i < n) || ok && at != i {
				t.Fatalf("of %d, %q is at %d (%v)", n, records[i].ID, at, ok)
			}
		}
	}
	if _, unique := newIndex(slices.Concat(records, records[1234:1235])); unique {
		t.Error("an id that is there twice was not seen")
	}
}

func FuzzQuick(f *testing.F) {
	f.Add(realFile(f))
	f.Add(around(lineA, lineB))
	f.Add(around(lineA, `{"id":"c","later":{"a":[1,null]},"id":"d"}`))
	f.Add([]byte("{\n\"environments\": {\n\"local\": {\n\"x\": {\n\"factors\": [\n" + lineB + "\n]}}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if utf8.Valid(data) { // as parse has seen to
			checkQuick(t, data)
		}
	})
}

// A second window and the next start read what a change wrote.
func TestQuickAndSlowAfterChanges(t *testing.T) {
	path, _ := many(t, 300)
	s := open(t, path)
	put(t, s, sms(7), totp(8))
	if err := s.Forget(ctx, s.Records()[17].ID, s.Records()[200].ID); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !checkQuick(t, data) {
		t.Error("a changed file is read slowly")
	}
	if again := open(t, path); !reflect.DeepEqual(strip(again.Records()), strip(s.Records())) {
		t.Error("it reads differently")
	}
}
