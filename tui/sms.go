package tui

import (
	"strings"
	"unicode/utf16"
)

// The GSM 7-bit default alphabet and its extension table, whose characters
// count twice (3GPP TS 23.038 §6.2.1).
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// smsSegments is the number of messages that carriers send, and bill, for a
// text: 160 septets or 70 UTF-16 units in one, 153 or 67 in each of several
// (3GPP TS 23.040 §9.2.3.24.1).
func smsSegments(text string) int {
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
