// Package phone reads phone numbers as people type them, in the international
// form of ITU-T E.164, and writes them as people read them.
//
// It knows the numbering plans of all countries from the data of
// github.com/nyaruka/phonenumbers, and reads and writes numbers that begin with a
// plus sign as that library does. A plan is loaded for the first number of its country.
package phone

//go:generate go run ./generate

import (
	"errors"
	"slices"
	"strings"

	"mfa-tui/workos/guard"
)

// Number is a phone number.
type Number struct {
	E164    string // such as "+15005550006"
	Text    string // such as "+1 500-555-0006"
	Country string // in English, empty if no country has it
	Used    bool   // in a range that is in use, as far as is known
}

// What is wrong with a number.
var (
	ErrNoPlus     = errors.New("must begin with + and the country code, e.g. +15005550006")
	ErrZero       = errors.New("no country code begins with 0")
	ErrCharacters = errors.New("only digits after the +; spaces are fine")
	ErrCode       = errors.New("no country has this code")
	ErrTooShort   = errors.New("too short")
	ErrTooLong    = errors.New("too long")
	ErrLength     = errors.New("no number of this country has that many digits")
)

// maxDigits is the longest number, with the country code (E.164 §6.1).
const maxDigits = 15

// clutter is what people write between the digits of a phone number.
var clutter = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "/", "", "\u00a0", "")

// Parse reads a number. With an error it returns what is known so far, such as the
// country. [ErrTooShort] means that the number may only be unfinished.
func Parse(text string) (Number, error) { return guard.Parse(parse, text) }

func parse(text string) (Number, error) {
	typed := clutter.Replace(text)
	digits, plus := strings.CutPrefix(typed, "+")
	switch {
	case typed == "" || digits == "" && plus:
		return Number{}, ErrTooShort
	case !plus:
		return Number{}, ErrNoPlus
	case strings.Trim(digits, "0123456789") != "":
		return Number{}, ErrCharacters
	case digits[0] == '0':
		return Number{}, ErrZero
	}
	p, national := planFor(digits)
	if p == nil {
		if mayBeCode(digits) {
			return Number{}, ErrTooShort
		}
		return Number{}, ErrCode
	}
	return p.number(national)
}

// number reads the digits after the country code.
func (p *numberingPlan) number(national string) (Number, error) {
	national = p.withoutPrefix(national)
	n := Number{E164: p.prefix + national, Text: p.format(national), Country: p.Regions[0].Name}
	if r := p.region(national); r != nil {
		n.Country, n.Used = r.Name, true
	}
	return n, p.lengthError(national)
}

// lengthError is what is wrong with the length of a national number.
func (p *numberingPlan) lengthError(national string) error {
	length := int32(len(national))
	switch {
	case len(p.prefix+national) > len("+")+maxDigits || length > p.Lengths[len(p.Lengths)-1]:
		return ErrTooLong
	case slices.Contains(p.Lengths, length):
		return nil
	case slices.Contains(p.Local, length) || length < p.Lengths[0]:
		return ErrTooShort
	}
	return ErrLength
}

// Format writes a number in E.164 as people read it: "+1 500-555-0006". Any other text
// is returned unchanged.
func Format(e164 string) string {
	digits, plus := strings.CutPrefix(e164, "+")
	if !plus || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return e164
	}
	p, national := planFor(digits)
	if p == nil || p.lengthError(national) != nil || p.withoutPrefix(national) != national {
		return e164
	}
	return p.format(national)
}

// shown is how many digits of a number [Mask] leaves.
const shown = 4

// End is what [Mask] shows of a number, after an ellipsis.
func End(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	return "…" + digits[max(0, len(digits)-shown):]
}

// Mask hides all digits but the last four: "+• •••-•••-0006".
func Mask(text string) string {
	masked, seen := []rune(text), 0
	for i := len(masked) - 1; i >= 0; i-- {
		if masked[i] < '0' || masked[i] > '9' {
			continue
		}
		if seen++; seen > shown {
			masked[i] = '•'
		}
	}
	return string(masked)
}
