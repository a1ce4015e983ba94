package store

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// readByLines reports whether a file is read line by line, and fails unless that
// says the same as reading it whole.
func readByLines(t *testing.T, data []byte) bool {
	t.Helper()
	lines := parseLines(data, "local")
	if lines == nil {
		return false
	}
	whole, err := parseWhole(data, "local")
	if err != nil {
		t.Fatalf("read, but not a factor file: %v\n%s", err, data)
	}
	if !reflect.DeepEqual(lines, whole) {
		t.Fatalf("%+v\nwant %+v\nof %s", lines, whole, data)
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

// What is written here is read line by line, whatever is around it and in it.
func TestWrittenIsReadByLines(t *testing.T) {
	_, big := many(t, 2000)
	for name, data := range map[string][]byte{
		"of two environments":        realFile(t),
		"many":                       big,
		"escapes":                    around(lineA, lineB),
		"a field of a later version": around(lineA, `{"id":"c","type":"sms","later":{"a":[1,null]}}`),
		"a name in another case":     around(lineA, `{"ID":"c","Type":"sms"}`),
		"a name twice":               around(`{"id":"a","totp":{"issuer":"1"},"totp":{"user":"2"}}`),
		"spaces":                     around("\t"+lineA+" ", "  "+lineB),
		"members around": bytes.Replace(around(lineA), []byte("{\n\"factors\""),
			[]byte("{\n\"later\": [1],\n\"factors\""), 1),
	} {
		t.Run(name, func(t *testing.T) {
			if !readByLines(t, data) {
				t.Errorf("read whole:\n%.2000s", data)
			}
		})
	}
}

// A file of another form, or with something wrong in it, is read whole.
func TestOddIsReadWhole(t *testing.T) {
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
		"spread over lines":        around("{\n\"id\":\"a\",\n\"type\":\"sms\"\n}"),
		"two on a line":            around(lineA + "," + lineB),
		"null":                     around(lineA, "null"),
		"a bad time":               around(`{"id":"a","created_at":"yesterday"}`),
		"a control character":      around("{\"id\":\"a\x01\"}"),
		"a number with a zero":     around(`{"id":"a","challenges":[{"wrong_codes":01}]}`),
		"a text where none is due": around(`{"id":"a","sms":"b"}`),
		"cut off":                  around(lineA)[:len(around(lineA))-5],
	} {
		t.Run(name, func(t *testing.T) {
			if readByLines(t, data) {
				t.Errorf("read line by line:\n%s", data)
			}
		})
	}
}

func FuzzLines(f *testing.F) {
	f.Add(realFile(f))
	f.Add(around(lineA, lineB))
	f.Add(around(lineA, `{"id":"c","later":{"a":[1,null]},"id":"d"}`))
	f.Add([]byte("{\n\"environments\": {\n\"local\": {\n\"x\": {\n\"factors\": [\n" + lineB + "\n]}}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if utf8.Valid(data) { // as decode has checked
			readByLines(t, data)
		}
	})
}

// A second window and the next start read what a change wrote.
func TestChangedIsReadByLines(t *testing.T) {
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
	if !readByLines(t, data) {
		t.Error("a changed file is read whole")
	}
	if again := open(t, path); !reflect.DeepEqual(strip(again.Records()), strip(s.Records())) {
		t.Error("it reads differently")
	}
}
