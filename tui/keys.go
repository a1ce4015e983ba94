package tui

import "github.com/charmbracelet/bubbles/key"

// keys are all the bindings there are. Screens choose from them, so that a key
// means the same everywhere.
var keys = struct {
	quit, interrupt, suspend, help, helpTyping, back, cancel,
	enroll, open, challenge, challengeThis, adopt, refresh, clear, filter, sort, remove, forget,
	submit, next, previous, choose, up, down, move, factors,
	verify, secret, copy, copyURI, copyID, copyCode, savePNG, form, zoom,
	showQR, label, send, again, code, saveAgain, goOn, tryAgain, restore, lab, keep, yes, no,
	inspect, inspectTyping, users, lineUp, lineDown, pageUp, pageDown, firstLine, lastLine, nextForm, previousForm, copyShown key.Binding
}{
	interrupt:  bind("ctrl+c", "quit", "ctrl+c"),
	suspend:    bind("ctrl+z", "suspend", "ctrl+z"),
	quit:       bind("q", "quit", "q"),
	help:       bind("?", "help", "?", "f1"),
	helpTyping: bind("f1", "help", "f1"),
	back:       bind("esc", "back", "esc"),
	cancel:     bind("esc", "cancel", "esc"),

	enroll:        bind("n", "enroll", "n"),
	open:          bind("enter", "open", "enter"),
	challenge:     bind("c", "challenge", "c"),
	challengeThis: bind("enter", "challenge", "enter", "c"),
	adopt:         bind("a", "adopt by id", "a"),
	refresh:       bind("r", "refresh", "r"),
	users:         bind("u", "users", "u"),
	clear:         bind("x", "clear list", "x"),
	filter:        bind("/", "filter", "/"),
	sort:          bind("s", "sort", "s"),
	remove:        bind("d", "delete", "d"),
	forget:        bind("f", "forget here", "f"),

	submit:   bind("enter", "enroll", "enter"),
	next:     bind("tab", "next field", "tab", "down"),
	previous: bind("shift+tab", "previous field", "shift+tab", "up"),
	choose:   bind("enter", "choose", "enter"),
	up:       bind("↑", "up", "up", "left", "k", "h", "shift+tab"),
	down:     bind("↓", "down", "down", "right", "j", "l", "tab"),
	move:     bind("↑↓", "move"),

	verify:   bind("enter", "verify", "enter"),
	secret:   bind("s", "show secret", "s"),
	copy:     bind("y", "copy secret", "y"),
	copyURI:  bind("u", "copy URI", "u"),
	copyID:   bind("y", "copy id", "y"),
	copyCode: bind("y", "copy code", "y"),
	savePNG:  bind("p", "save picture", "p"),
	form:     bind("m", "another form", "m"),
	zoom:     bind("z", "zoom", "z"),

	showQR:    bind("v", "view QR code", "v"),
	label:     bind("e", "edit label", "e"),
	send:      bind("enter", "send", "enter"),
	again:     bind("r", "new challenge", "r"),
	code:      bind("o", "show code", "o"),
	factors:   bind("enter", "factors", "enter"),
	saveAgain: bind("enter", "save again", "enter"),
	goOn:      bind("esc", "go on unsaved", "esc"),
	tryAgain:  bind("r", "try again", "r"),
	restore:   bind("b", "put the copy back", "b"),
	lab:       bind("L", "lab", "L"),
	yes:       bind("y", "yes", "y"),
	no:        bind("n", "no", "n"),
	keep:      bind("enter", "save", "enter"),

	inspect:       bind("i", "calls", "i", "f2"),
	inspectTyping: bind("f2", "calls", "f2"),
	lineUp:        bind("↑", "up", "up", "k"),
	lineDown:      bind("↓", "down", "down", "j"),
	pageUp:        bind("pgup", "page up", "pgup"),
	pageDown:      bind("pgdn", "page down", "pgdown", " "),
	firstLine:     bind("home", "first", "home", "g"),
	lastLine:      bind("end", "last", "end", "G"),
	nextForm:      bind("tab", "view", "tab", "right", "l"),
	previousForm:  bind("shift+tab", "view before", "shift+tab", "left", "h"),
	copyShown:     bind("y", "copy", "y"),
}

func bind(shown, does string, pressed ...string) key.Binding {
	return key.NewBinding(key.WithKeys(pressed...), key.WithHelp(shown, does))
}

// filterKeys are the keys of the list while its filter is typed.
var filterKeys = struct{ keep, drop key.Binding }{
	keep: bind("enter", "keep the filter", "enter"),
	drop: bind("esc", "show all", "esc"),
}

// as returns the binding under another description, for a place where the same
// key does something that deserves its own word.
func as(b key.Binding, shown, does string) key.Binding {
	b.SetHelp(shown, does)
	return b
}
