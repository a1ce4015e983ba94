package tui

// move is one way from a screen to another.
type move struct {
	from, by, to string
}

// moves is the whole state machine: every way that a key or a result can take.
// A test walks the real screens and fails on a way that is not here, and on one
// that is here and can't be walked. README.md draws it.
var moves = []move{
	{"factors", "n", "enrollType"},
	{"factors", "enter", "factor"},
	{"factors", "c on totp or otp", "code"},
	{"factors", "c on sms", "message"},
	{"factors", "a", "adopt"},
	{"factors", "d, x", "confirm"},
	{"factors", "L", "lab"},
	{"lab", "esc", "factors"},
	{"factors", "u", "users"},

	{"users", "found", "userFactors"},
	{"users", "esc", "factors"},
	{"userFactors", "n", "enrollType"},
	{"userFactors", "enter", "factor"},
	{"userFactors", "c on totp or otp", "code"},
	{"userFactors", "c on sms", "message"},
	{"userFactors", "d", "confirm"},
	{"userFactors", "esc", "users"},

	{"enrollType", "enter", "enrollForm"},
	{"enrollType", "esc", "factors"},
	{"enrollForm", "totp enrolled", "qr"},
	{"enrollForm", "sms or otp enrolled", "factor"},
	{"enrollForm", "enrolled, not saved", "unsaved"},
	{"enrollForm", "esc", "enrollType"},
	{"enrollForm", "esc while it is sent", "factors"},
	{"qr", "enter", "code"},
	{"qr", "esc", "factor"},

	{"factor", "c, enter on totp or otp", "code"},
	{"factor", "c, enter on sms", "message"},
	{"factor", "v", "qr"},
	{"factor", "e", "label"},
	{"factor", "d, f", "confirm"},
	{"factor", "esc", "factors"},
	{"label", "enter, esc", "factor"},
	{"confirm", "no, esc", "factor"},
	{"confirm", "done, no, esc", "factors"},
	{"adopt", "found", "factor"},
	{"adopt", "found, not saved", "unsaved"},
	{"adopt", "esc", "factors"},

	{"message", "sent", "code"},
	{"message", "esc", "factors"},
	{"message", "esc", "factor"},
	{"code", "right code", "result"},
	{"code", "right code, not saved", "unsaved"},
	{"code", "esc", "factors"},
	{"code", "esc", "factor"},
	{"code", "esc", "qr"},
	{"result", "enter, esc", "factors"},
	{"result", "c on totp or otp", "code"},
	{"result", "c on sms", "message"},

	{"unsaved", "saved, esc", "qr"},
	{"unsaved", "saved, esc", "factor"},
	{"unsaved", "saved, esc", "result"},

	// Entered from a user's factors, these go back to them.
	{"enrollType", "esc", "userFactors"},
	{"enrollForm", "esc while it is sent", "userFactors"},
	{"factor", "esc", "userFactors"},
	{"confirm", "done, no, esc", "userFactors"},
	{"message", "esc", "userFactors"},
	{"code", "esc", "userFactors"},
	{"result", "enter, esc", "userFactors"},

	{"storeError", "r, b", "factors"},
}
