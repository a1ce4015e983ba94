package main

// picture is a screen worth showing, and the way to it.
type picture struct {
	name       string
	title      string // what it shows, for those who can't see it
	cols, rows int
	lead       func(*terminal) error
}

// The keys that are not letters.
const (
	enter = "\r"
	down  = "\x1b[B"
)

// pictures are those of the README. Each begins at the list of factors. What is
// waited for last is on the last line that changes, so that the screen is whole.
var pictures = []picture{
	{"list", "The list of factors, with all that is known of the chosen one beside it", 120, 16, func(t *terminal) error {
		return t.keys(step{"", "? help"})
	}},
	{"qr", "A QR code to scan, with what to do if it does not scan beside it", 84, 24, func(t *terminal) error {
		return t.keys(step{down, "› TOTP  Foo Corp"}, step{enter, "v view QR code"}, step{"v", "enter verify"})
	}},
	{"factor", "A factor with its id, its times and its last challenge", 92, 16, func(t *terminal) error {
		return t.keys(step{down + down, "› SMS"}, step{enter, "e edit label"})
	}},
	{"code", "Six cells for the code, and the test phone with the message beside them", 120, 12, func(t *terminal) error {
		return typeCode(t, 3, "r new challenge")
	}},
	{"result", "Verified, with the challenge that was answered", 92, 12, func(t *terminal) error {
		return typeCode(t, 6, "enter factors")
	}},
	{"confirm", "The question before a factor is deleted, with the cursor on no", 92, 12, func(t *terminal) error {
		return t.keys(step{down + down, "› SMS"}, step{"d", "←→ choose"})
	}},
}

// typeCode challenges the phone and types the first n digits of the message.
func typeCode(t *terminal, n int, last string) error {
	if err := t.keys(step{down + down, "› SMS"}, step{"c", "enter send"}, step{enter, "sent to"}); err != nil {
		return err
	}
	code, err := t.finds(`code is (\d{6})`)
	if err != nil {
		return err
	}
	return t.keys(step{code[:n], last})
}
