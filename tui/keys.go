package tui

import "github.com/charmbracelet/bubbles/key"

// These are all the bindings there are. Screens choose from them, so that a key
// means the same everywhere.
var (
	keyInterrupt  = bind("ctrl+c", "quit", "ctrl+c")
	keySuspend    = bind("ctrl+z", "suspend", "ctrl+z")
	keyQuit       = bind("q", "quit", "q")
	keyHelp       = bind("?", "help", "?", "f1")
	keyHelpTyping = bind("f1", "help", "f1")
	keyBack       = bind("esc", "back", "esc")
	keyCancel     = bind("esc", "cancel", "esc")

	keyEnroll        = bind("n", "enroll", "n")
	keyOpen          = bind("enter", "open", "enter")
	keyChallenge     = bind("c", "challenge", "c")
	keyChallengeThis = bind("enter", "challenge", "enter", "c")
	keyAdopt         = bind("a", "adopt by id", "a")
	keyRefresh       = bind("r", "refresh", "r")
	keyUsers         = bind("u", "users", "u")
	keyClear         = bind("x", "clear list", "x")
	keyFilter        = bind("/", "filter", "/")
	keySort          = bind("s", "sort", "s")
	keyRemove        = bind("d", "delete", "d")
	keyForget        = bind("f", "forget here", "f")

	keySubmit   = bind("enter", "enroll", "enter")
	keyNext     = bind("tab", "next field", "tab", "down")
	keyPrevious = bind("shift+tab", "previous field", "shift+tab", "up")
	keyChoose   = bind("enter", "choose", "enter")
	keyUp       = bind("↑", "up", "up", "left", "k", "h", "shift+tab")
	keyDown     = bind("↓", "down", "down", "right", "j", "l", "tab")
	keyMove     = bind("↑↓", "move")

	keyVerify   = bind("enter", "verify", "enter")
	keySecret   = bind("s", "show secret", "s")
	keyCopy     = bind("y", "copy secret", "y")
	keyCopyURI  = bind("u", "copy URI", "u")
	keyCopyID   = bind("y", "copy id", "y")
	keyCopyCode = bind("y", "copy code", "y")
	keySavePNG  = bind("p", "save picture", "p")
	keyForm     = bind("m", "another form", "m")
	keyZoom     = bind("z", "zoom", "z")

	keyShowQR    = bind("v", "view QR code", "v")
	keyLabel     = bind("e", "edit label", "e")
	keySend      = bind("enter", "send", "enter")
	keyAgain     = bind("r", "new challenge", "r")
	keyCode      = bind("o", "show code", "o")
	keyFactors   = bind("enter", "factors", "enter")
	keySaveAgain = bind("enter", "save again", "enter")
	keyGoOn      = bind("esc", "go on unsaved", "esc")
	keyTryAgain  = bind("r", "try again", "r")
	keyRestore   = bind("b", "put the copy back", "b")
	keyLab       = bind("L", "lab", "L")
	keyYes       = bind("y", "yes", "y")
	keyNo        = bind("n", "no", "n")
	keyKeep      = bind("enter", "save", "enter")

	keyInspect       = bind("i", "calls", "i", "f2")
	keyInspectTyping = bind("f2", "calls", "f2")
	keyLineUp        = bind("↑", "up", "up", "k")
	keyLineDown      = bind("↓", "down", "down", "j")
	keyPageUp        = bind("pgup", "page up", "pgup")
	keyPageDown      = bind("pgdn", "page down", "pgdown", " ")
	keyFirstLine     = bind("home", "first", "home", "g")
	keyLastLine      = bind("end", "last", "end", "G")
	keyNextForm      = bind("tab", "view", "tab", "right", "l")
	keyPreviousForm  = bind("shift+tab", "view before", "shift+tab", "left", "h")
	keyCopyShown     = bind("y", "copy", "y")

	// While a filter is typed.
	keyKeepFilter = bind("enter", "keep the filter", "enter")
	keyDropFilter = bind("esc", "show all", "esc")
)

func bind(shown, does string, pressed ...string) key.Binding {
	return key.NewBinding(key.WithKeys(pressed...), key.WithHelp(shown, does))
}

// as returns the binding under another description, for a place where the same
// key does something that deserves its own word.
func as(b key.Binding, shown, does string) key.Binding {
	b.SetHelp(shown, does)
	return b
}
