package workos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"
)

// response is what a successful response is decoded into.
type response interface {
	// lacks names what the response should have and does not, empty for nothing.
	lacks() string
}

func (f *Factor) lacks() string                   { return lacksID(f.ID) }
func (c *Challenge) lacks() string                { return lacksID(c.ID) }
func (u *User) lacks() string                     { return lacksID(u.ID) }
func (e *EnrollUserFactorResponse) lacks() string { return lacksID(e.Factor.ID) }

func lacksID(id string) string {
	if id == "" {
		return "an id"
	}
	return ""
}

func (l *List[T]) lacks() string {
	if l.Data == nil {
		return "data"
	}
	return ""
}

// wireVerification is a verification in a response.
type wireVerification struct {
	Challenge struct {
		Challenge
		OtherID string `json:"factor_id"` // what the official emulator calls the factor's id
	} `json:"challenge"`
	Valid *bool `json:"valid"`
}

func (v *wireVerification) lacks() string {
	if v.Valid == nil {
		return "valid"
	}
	return ""
}

var (
	errNotJSON = errors.New("the response is not JSON")
	errEmpty   = errors.New("the response is empty")
	errPage    = errors.New("the response is a web page")
)

// notJSON says what a body is instead.
func notJSON(body []byte) error {
	switch body = bytes.TrimSpace(body); {
	case len(body) == 0:
		return errEmpty
	case isPage(body):
		return errPage
	}
	return errNotJSON
}

// isPage reports whether a body is HTML, or XML.
func isPage(body []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) }

// decode decodes a successful response. fill adds to it what the request knew, nil
// for nothing. An enrollment's response holds the only way back to the factor, so
// nothing odd in it may cost its id: a time that can't be read is zero, a field
// of the wrong type is left out.
func decode(body []byte, out response, fill func()) error {
	if len(body) > maxResponse {
		return fmt.Errorf("the response is larger than %d bytes", maxResponse)
	}
	err := json.Unmarshal(body, out)
	if err != nil && !skipped(err) { // a bad time ends the decoding
		var v any
		if json.Unmarshal(body, &v) != nil {
			return notJSON(body)
		}
		dropBadTimes(v)
		if body, err = json.Marshal(v); err == nil {
			err = json.Unmarshal(body, out)
		}
		if err != nil && !skipped(err) {
			return err
		}
	}
	if fill != nil {
		fill()
	}
	if lack := out.lacks(); lack != "" {
		return errors.New("response without " + lack)
	}
	return nil
}

// skipped reports whether the decoder left out a field of the wrong type and went on.
func skipped(err error) bool { return errors.As(err, new(*json.UnmarshalTypeError)) }

// dropBadTimes removes the times that can't be read.
func dropBadTimes(v any) {
	switch v := v.(type) {
	case []any:
		for _, below := range v {
			dropBadTimes(below)
		}
	case map[string]any:
		maps.DeleteFunc(v, func(name string, below any) bool {
			dropBadTimes(below)
			text, _ := below.(string)
			return strings.HasSuffix(strings.ToLower(name), "_at") && new(time.Time).UnmarshalText([]byte(text)) != nil
		})
	}
}
