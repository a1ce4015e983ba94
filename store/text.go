package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// DecodeText returns text from outside as UTF-8 without a byte order mark. Editors on
// Windows write one, and the > of PowerShell 5.1 writes UTF-16 with one. Text without
// a mark stays as it is.
func DecodeText(data []byte) ([]byte, error) {
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		var err error
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		// What the decoder can't read becomes U+FFFD, in IDs too.
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return nil, errors.New("it is damaged: it begins as UTF-16 text, and goes on as something else")
		}
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, errors.New("it has NUL characters: it is damaged, or UTF-16 text without a byte order mark, which should be saved as UTF-8")
	}
	return text, nil
}

// decodeUTF8 is DecodeText for JSON: encoding/json would put U+FFFD in place of what it
// can't read, in IDs too.
func decodeUTF8(data []byte) ([]byte, error) {
	text, err := DecodeText(data)
	if err == nil && !utf8.Valid(text) {
		err = errors.New("it is damaged: it is not UTF-8 text")
	}
	return text, err
}

// place says where in a text a byte is.
func place(text []byte, offset int64) string {
	before := text[:min(max(offset, 0), int64(len(text)))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return fmt.Sprintf("line %d, column %d", bytes.Count(before, []byte("\n"))+1, utf8.RuneCount(line)+1)
}

// decodeJSON decodes one JSON value, and says in words what is wrong with it.
// encoding/json speaks of Go's types, and counts bytes.
func decodeJSON(text []byte, value any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	err := d.Decode(value)
	if end := d.InputOffset(); err == nil {
		if _, err := d.Token(); err != io.EOF {
			return fmt.Errorf("more text follows its end at %s", place(text, end))
		}
		return nil
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var moment *time.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("it is cut off at %s", place(text, int64(len(text))))
	case errors.As(err, &syntax):
		at := max(syntax.Offset-1, 0)
		unexpected, _ := utf8.DecodeRune(text[at:])
		return fmt.Errorf("it is not valid JSON: unexpected %q at %s", string(unexpected), place(text, at))
	case errors.As(err, &kind):
		what := "it" // the whole
		if kind.Field != "" {
			what = strconv.Quote(kind.Field[strings.LastIndexByte(kind.Field, '.')+1:])
		}
		return fmt.Errorf("%s has the wrong type (%s) at %s", what, kind.Value, place(text, kind.Offset))
	case errors.As(err, &moment):
		return fmt.Errorf("%q is not a time such as 2026-01-15T12:00:00Z", moment.Value)
	}
	return err
}
