package tui

import (
	"errors"
	"testing"
	"time"
)

// onClipboard is what was copied last; a person who copies something else puts
// it there.
func (p *person) onClipboard() string {
	if len(p.copied) == 0 {
		return ""
	}
	return p.copied[len(p.copied)-1]
}

// A copied secret, URI or code is cleared from the clipboard after a while, but
// nothing else is.
func TestCopiedSecretIsCleared(t *testing.T) {
	for name, test := range map[string]struct {
		keys    []string
		copies  string // the notice
		cleared bool
	}{
		"secret":       {[]string{"down", "down", "enter", "v", "y"}, "✓ Secret copied to the test, cleared in 30 s", true},
		"URI":          {[]string{"down", "down", "enter", "v", "u"}, "✓ URI copied to the test, cleared in 30 s", true},
		"totp code":    {[]string{"down", "down", "c", "o", "y"}, "✓ Code copied to the test, cleared in 30 s", true},
		"generic code": {[]string{"c", "y"}, "✓ Code copied to the test, cleared in 30 s", true},
		"ID":           {[]string{"enter", "y"}, "✓ Factor ID copied to the test", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := threeFactors(t, 80, 24).press(test.keys...).sees(test.copies)
			text := p.onClipboard()
			if text == "" {
				t.Fatal("nothing was copied")
			}
			p.press("esc").waits(29 * time.Second)
			if p.onClipboard() != text {
				t.Error("cleared too early")
			}
			p.waits(2 * time.Second)
			if cleared := p.onClipboard() == ""; cleared != test.cleared {
				t.Errorf("cleared: %t", cleared)
			}
			if test.cleared {
				p.sees("was cleared from the clipboard")
			}
		})
	}
}

// Text copied later stays, and a second secret keeps its own time.
func TestClipboardOfAnother(t *testing.T) {
	p := threeFactors(t, 80, 24).press("down", "down", "enter", "v", "y")
	p.copied = append(p.copied, "a poem")
	p.waits(31 * time.Second).seesNo("from the clipboard")
	if p.onClipboard() != "a poem" {
		t.Error("the poem is gone")
	}
	p.press("y").waits(20 * time.Second).press("u").waits(20 * time.Second)
	if p.onClipboard() == "" {
		t.Error("the URI was cleared in the secret's time")
	}
}

// Ending the program clears the clipboard at once, if the secret is still on it.
func TestClipboardAtTheEnd(t *testing.T) {
	p := threeFactors(t, 80, 24).press("down", "down", "enter", "v", "y", "ctrl+c")
	p.model.Finish(time.Second, func(int) { t.Error("it waits") })
	if p.onClipboard() != "" {
		t.Error("the secret is still on the clipboard")
	}

	p = threeFactors(t, 80, 24).press("down", "down", "enter", "v", "y", "esc", "y", "ctrl+c")
	id := p.onClipboard()
	p.model.Finish(time.Second, func(int) { t.Error("it waits") })
	if p.onClipboard() != id {
		t.Error("the ID was cleared from the clipboard")
	}
}

// Where the clipboard can't be read the notice says so, and it is left alone.
func TestClipboardThatCantBeCleared(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.model.session.Copy = func(text string) (Copied, error) {
		p.copied = append(p.copied, text)
		return Copied{How: "sent to the terminal. It may ignore that"}, nil
	}
	p.press("down", "down", "enter", "y").sees("ID sent to the terminal. It may ignore that").seesNo("✓ ID")
	p.press("v", "y").sees("Secret sent to the terminal. It may ignore that, and it is not cleared automatically").seesNo("✓ Secret")
	p.waits(31 * time.Second).seesNo("from the clipboard")
	p.model.session.Copy = func(string) (Copied, error) { return Copied{}, errors.New("no clipboard") }
	p.press("y").sees("✗ Can't copy the secret: no clipboard")
}
