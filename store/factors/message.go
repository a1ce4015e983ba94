package factors

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// The text of an SMS.
const (
	CodePlaceholder = "{{code}}"                            // becomes the code
	DefaultMessage  = "Your verification code is {{code}}." // the text unless a person writes another
)

// CheckMessage checks the text of an SMS.
func CheckMessage(text string) error {
	if !strings.Contains(text, CodePlaceholder) {
		return errors.New("add " + CodePlaceholder + ": without it no code is sent")
	}
	return nil
}

// checkMessage checks the text that goes with a challenge, if there is one.
func checkMessage(r store.Record, text string) error {
	switch {
	case text == "":
		return nil
	case r.Type != workos.SMS:
		return refuse("message", "only for SMS factors, and %s is a %s factor", FullName(r), TypeName(r.Type))
	}
	return at("message", CheckMessage(text))
}

// SampleMessage is a message with a code in it, as it may arrive.
func SampleMessage(message string) string {
	return strings.ReplaceAll(message, CodePlaceholder, "123456")
}

// SentTo is where the messages of a factor go, in full: it is the last look at the
// number before a message is paid for.
func SentTo(f workos.Factor) string {
	n, err := CheckPhone(Phone(f))
	if err != nil {
		return Phone(f)
	}
	return PhoneRemark(n)
}

// SendRemark says what sending a message does, where that is not plain.
func (l *List) SendRemark() string {
	switch l.Mode {
	case Live:
		return "LIVE: a real text message is sent, which may cost money"
	case Local:
		return "no message leaves this computer: the test phone shows it"
	}
	return ""
}

// MessageSize is how long a message is, and how many are billed for it.
func MessageSize(message string) string {
	text := SampleMessage(message)
	return english.Plural(len([]rune(text)), "character", "") + ", " + english.Plural(Segments(text), "segment", "")
}

// MessageRemark is a warning about a message that can be sent, empty for none.
func MessageRemark(message string) string {
	const longest, dear = 1600, 3
	text := SampleMessage(message)
	switch segments := Segments(text); {
	case len([]rune(text)) > longest:
		return fmt.Sprintf("longer than %d characters: carriers will refuse it", longest)
	case strings.Count(message, CodePlaceholder) > 1:
		return "the code appears more than once"
	case segments > dear:
		return fmt.Sprintf("billed as %d messages", segments)
	}
	return ""
}

// The GSM 7-bit default alphabet and its extension table, whose characters
// count twice (3GPP TS 23.038 §6.2.1).
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// Segments is the number of messages that carriers send, and bill, for a
// text: 160 septets or 70 UTF-16 units in one, 153 or 67 in each of several
// (3GPP TS 23.040 §9.2.3.24.1).
func Segments(text string) int {
	septets := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			septets++
		case strings.ContainsRune(gsmExtended, r):
			septets += 2
		default:
			return segments(len(utf16.Encode([]rune(text))), 70, 67)
		}
	}
	return segments(septets, 160, 153)
}

func segments(units, single, each int) int {
	if units <= single {
		return 1
	}
	return (units + each - 1) / each
}
