package store

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// inUTF16 is text as PowerShell 5.1 writes it.
func inUTF16(order binary.AppendByteOrder, text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

// asWritten is a text in the encodings that editors and shells write it in.
func asWritten(text string) map[string][]byte {
	return map[string][]byte{
		"UTF-8":                 []byte(text),
		"UTF-8 with a mark":     []byte("\ufeff" + text),
		"UTF-16, little endian": inUTF16(binary.LittleEndian, text),
		"UTF-16, big endian":    inUTF16(binary.BigEndian, text),
	}
}

func TestDecodeText(t *testing.T) {
	const text = "é€𝄞\r\n"
	for name, data := range asWritten(text) {
		if got, err := DecodeText(data); string(got) != text || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := DecodeText([]byte("caf\xe9")); string(got) != "caf\xe9" || err != nil { // Latin-1 in a comment, say
		t.Errorf("without a mark: %q, %v", got, err)
	}
	for text, want := range map[string]string{
		"\xff\xfea":         "goes on as something else",
		"\xff\xfe\x00\xd8a": "goes on as something else",
		"a\x00b\x00":        "without a byte order mark",
	} {
		if got, err := DecodeText([]byte(text)); got != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

// A factor file and an export are read in any of these encodings. The file stays as it
// is until the next change, which writes all of its factors in UTF-8.
func TestEncodings(t *testing.T) {
	from := open(t, newPath(t))
	put(t, from, sms(1))
	exported := export1(t, from, false)
	for name, data := range asWritten(read(t, from.file.path)) {
		path := newPath(t)
		write(t, path, string(data))
		s := open(t, path)
		if len(s.Records()) != 1 || read(t, path) != string(data) {
			t.Errorf("%s: %+v, %q", name, s.Records(), read(t, path))
		}
		put(t, s, sms(2))
		if got := read(t, path); !strings.HasPrefix(got, "{\n") || len(open(t, path).Records()) != 2 {
			t.Errorf("%s: changed to %q", name, got)
		}
	}
	for name, data := range asWritten(string(exported)) {
		if got, err := open(t, newPath(t)).Import(ctx, data, nil); err != nil || got.Added != 1 {
			t.Errorf("import of %s: %+v, %v", name, got, err)
		}
	}
}

// A file in another encoding is not read, and never written to.
func TestOtherEncodings(t *testing.T) {
	from := open(t, newPath(t))
	put(t, from, sms(1))
	for name, data := range map[string][]byte{
		"UTF-16 without a mark": inUTF16(binary.LittleEndian, read(t, from.file.path))[2:],
		"cut-off UTF-16":        append(inUTF16(binary.LittleEndian, read(t, from.file.path)), 'x'),
	} {
		path := newPath(t)
		write(t, path, string(data))
		if _, err := Open(Options{Path: path, Environment: "local"}); err == nil || !strings.Contains(err.Error(), "UTF-16 text") || read(t, path) != string(data) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
