package phone

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Number{
		"+1 500 555 0006":     {"+15005550006", "+1 500-555-0006", "United States", true},
		"+1 (416) 555-0123":   {"+14165550123", "+1 416-555-0123", "Canada", true},
		"+44 (0)20 7946 0018": {"+442079460018", "+44 20 7946 0018", "United Kingdom", true},
		"+4915112345678":      {"+4915112345678", "+49 1511 2345678", "Germany", true},
		"+39 06 1234 5678":    {"+390612345678", "+39 06 1234 5678", "Italy", true},
		"+80012345678":        {"+80012345678", "+800 1234 5678", "", true},
		"+1 111 555 0006":     {"+11115550006", "+1 1115550006", "United States", false},
	} {
		if got, err := Parse(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]error{
		"": ErrTooShort, "+": ErrTooShort, "15005550006": ErrNoPlus, "+0123": ErrZero, "+1 x": ErrCharacters, "+1+": ErrCharacters,
		"+٣": ErrCharacters, "+999123456": ErrCode, "+9": ErrTooShort, "+99": ErrTooShort, "+1": ErrTooShort, "+1 500 555": ErrTooShort,
		"+1 500 555 00066": ErrTooLong, "+1500555000600000000000000000000": ErrTooLong, "+86 12345": ErrTooShort,
	} {
		if _, err := Parse(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
	if n, err := Parse("+49 1"); n.Country != "Germany" || !errors.Is(err, ErrTooShort) {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestFormat(t *testing.T) {
	for number, want := range map[string]string{
		"+15005550006": "+1 500-555-0006", "+33612345678": "+33 6 12 34 56 78", "+999": "+999", "": "", "x": "x", "+1 500 555 0006": "+1 500 555 0006",
	} {
		if got := Format(number); got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"+1 500-555-0006": "+• •••-•••-0006", "+15005550006": "+•••••••0006", "123": "123", "": "", "日本 12345": "日本 •2345",
	} {
		if got := Mask(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"+1 500-555-0006": "…0006", "123": "…123", "": "…"} {
		if got := End(text); got != want {
			t.Errorf("%q ends in %q, want %q", text, got, want)
		}
	}
}

// Every plan can be read, and is found by its code.
func TestPlans(t *testing.T) {
	for code := range phonenumbers.GetSupportedCallingCodes() {
		p := load(strconv.Itoa(code))
		if p == nil || p.Code != code || len(p.Lengths) == 0 || len(p.Regions) == 0 {
			t.Errorf("+%d has no plan", code)
		}
	}
	lines := strings.Count(plansFile, "\n")
	if want := len(phonenumbers.GetSupportedCallingCodes()); lines != want {
		t.Errorf("%d plans, want %d", lines, want)
	}
}

// examples are numbers of every kind of every region, and mistyped ones.
func examples() []string {
	var numbers []string
	add := func(n *phonenumbers.PhoneNumber) {
		if n != nil && n.GetNationalNumber() != 0 {
			numbers = append(numbers, phonenumbers.Format(n, phonenumbers.E164))
		}
	}
	for region := range phonenumbers.GetSupportedRegions() {
		for kind := phonenumbers.FIXED_LINE; kind <= phonenumbers.VOICEMAIL; kind++ {
			add(phonenumbers.GetExampleNumberForType(region, kind))
		}
	}
	for code := range phonenumbers.GetSupportedGlobalNetworkCallingCodes() {
		add(phonenumbers.GetExampleNumberForNonGeoEntity(code))
	}
	slices.Sort(numbers)
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range slices.Clone(numbers) {
		at := 1 + random.IntN(len(n)-1)
		digit := string(rune('0' + random.IntN(10)))
		numbers = append(numbers, n[:at]+digit+n[at:], n[:at]+digit+n[at+1:], n[:len(n)-1], n+digit, n[:3]+"0"+n[3:], n[:2]+n[3:])
	}
	return numbers
}

// Every number is read and written as the library does.
func TestLikeTheLibrary(t *testing.T) {
	seen := map[string]bool{}
	for _, number := range examples() {
		if !seen[number] {
			seen[number] = true
			likeTheLibrary(t, number)
		}
	}
	if len(seen) < 5000 {
		t.Errorf("only %d numbers", len(seen))
	}
}

func FuzzLikeTheLibrary(f *testing.F) {
	for _, n := range []string{"+15005550006", "+442079460018", "+390669812345", "+5491123456789"} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, number string) {
		if len(number) > 1 && number[0] == '+' && number[1] != '0' && strings.Trim(number[1:], "0123456789") == "" {
			likeTheLibrary(t, number)
		}
	})
}

// likeTheLibrary fails if the library reads or writes a number in another way.
func likeTheLibrary(t *testing.T, number string) {
	t.Helper()
	got, err := Parse(number)
	want, wantErr := phonenumbers.Parse(number, "")
	if wantErr != nil {
		if err == nil {
			t.Errorf("%s: %+v, want %v", number, got, wantErr)
		}
		return
	}
	if e164 := phonenumbers.Format(want, phonenumbers.E164); len(e164) > len("+")+maxDigits {
		if !errors.Is(err, ErrTooLong) { // the library lets some pass
			t.Errorf("%s: %v", number, err)
		}
		return
	}
	reason := phonenumbers.IsPossibleNumberWithReason(want)
	possible := map[error]phonenumbers.ValidationResult{
		nil: phonenumbers.IS_POSSIBLE, ErrTooShort: phonenumbers.TOO_SHORT, ErrTooLong: phonenumbers.TOO_LONG, ErrLength: phonenumbers.INVALID_LENGTH,
	}[err]
	if reason == phonenumbers.IS_POSSIBLE_LOCAL_ONLY {
		reason = phonenumbers.TOO_SHORT // a message comes from another country
	}
	if possible != reason {
		t.Errorf("%s: %v, the library says %v", number, err, reason)
	}
	if err != nil {
		return
	}
	if e164 := phonenumbers.Format(want, phonenumbers.E164); got.E164 != e164 {
		t.Errorf("%s: %s, want %s", number, got.E164, e164)
	}
	if text := phonenumbers.Format(want, phonenumbers.INTERNATIONAL); got.Text != text {
		t.Errorf("%s: %q, want %q", number, got.Text, text)
	}
	if used := phonenumbers.IsValidNumber(want); got.Used != used {
		t.Errorf("%s: used is %v, want %v", number, got.Used, used)
	}
	region := phonenumbers.GetRegionCodeForNumber(want)
	if got.Used && region != "001" && got.Country != display.English.Regions().Name(language.MustParseRegion(region)) {
		t.Errorf("%s: %s, want %s", number, got.Country, region)
	}
}

func BenchmarkFirstNumber(b *testing.B) {
	for b.Loop() {
		plans.Clear()
		patterns.Clear()
		Format("+15005550006")
	}
}
