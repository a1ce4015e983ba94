package tui

import "github.com/charmbracelet/bubbles/key"

// All bindings. Screens choose from them, so that a key means the same everywhere.
var (
	keyInterrupt  = bind("ctrl+c", "quit at once", "ctrl+c")
	keySuspend    = bind("ctrl+z", "suspend", "ctrl+z")
	keyQuit       = bind("q", "quit", "q")
	keyHelp       = bind("?", "help", "?", "f1")
	keyHelpTyping = bind("f1", "help", "f1")
	keyBack       = bind("esc", "back", "esc")

	keyPalette       = bind(":", "palette", ":", "ctrl+p")
	keyPaletteTyping = bind("ctrl+p", "palette", "ctrl+p")

	keyCancel = bind("esc", "cancel", "esc")

	keyEnroll        = bind("n", "enroll", "n")
	keyOpen          = bind("enter", "open", "enter")
	keyChallenge     = bind("c", "challenge", "c")
	keyChallengeThis = bind("enter c", "challenge", "enter", "c")
	keyAddByID       = bind("a", "add by ID", "a")
	keyMoveHere      = bind("e", "other environments", "e")
	keyRefresh       = bind("r", "refresh", "r")
	keyUsers         = bind("u", "users", "u")
	keyAddUser       = bind("ctrl+n", "create user", "ctrl+n")
	keyPutOnList     = bind("a", "put on my list", "a")
	keyClear         = bind("X", "clear list", "X")
	keyFilter        = bind("/", "filter", "/")
	keySort          = bind("s", "sort", "s")
	keyDelete        = bind("d", "delete", "d")
	keyRemove        = bind("x", "remove from list", "x")

	// What can't be done with a factor that is gone at WorkOS.
	keyGone = bind("c", "gone", "enter", "c", "d", "e", "r", "v")

	keySubmit   = bind("enter", "enroll", "enter")
	keyNext     = bind("tab", "next field", "tab", "down")
	keyPrevious = bind("shift+tab", "previous field", "shift+tab", "up")
	keyChoose   = bind("enter", "choose", "enter")

	keyVerify   = bind("enter", "verify", "enter")
	keyTypeCode = bind("enter", "type the code", "enter")
	keySecret   = bind("s", "show secret", "s")
	keyCopy     = bind("y", "copy secret", "y")
	keyCopyURI  = bind("u", "copy URI", "u")
	keyCopyID   = bind("y", "copy ID", "y")
	keyCopyCode = bind("y", "copy code", "y")
	keySavePNG  = bind("p", "save PNG", "p")
	keyOpenPNG  = bind("w", "open picture", "w")
	keyStyle    = bind("m", "style", "m")
	keyZoom     = bind("z", "zoom", "z")

	keyShowQR    = bind("v", "QR code", "v")
	keyLabel     = bind("e", "edit label", "e")
	keySend      = bind("enter", "send", "enter")
	keyAgain     = bind("r", "new challenge", "r")
	keyFill      = bind("f", "fill in", "f")
	keyCode      = bind("o", "show code", "o")
	keyFactors   = bind("enter", "factors", "enter", "esc")
	keySaveAgain = bind("enter", "save again", "enter")
	keyGoOn      = bind("esc", "continue unsaved", "esc")
	keyTryAgain  = bind("r", "try again", "r")
	keyWriteBack = bind("w", "write back", "w")
	keyRestore   = bind("b", "restore the backup", "b")
	keyLab       = bind("L", "lab", "L")
	keyYes       = bind("y", "yes", "y")
	keyNo        = bind("n", "no", "n")
	keyKeep      = bind("enter", "save", "enter")

	keyCalls        = bind("i", "API calls", "i", "f2")
	keyCallsTyping  = bind("f2", "API calls", "f2")
	keyNextView     = bind("tab", "view", "tab", "right", "l")
	keyPreviousView = bind("shift+tab", "previous view", "shift+tab", "left", "h")
	keyCopyShown    = bind("y", "copy", "y")

	// The console of a server.
	keyLists        = [...]key.Binding{bind("1", "list of API calls", "1"), bind("2", "list of messages", "2"), bind("3", "list of factors", "3"), bind("4", "list of users", "4")}
	keyNextList     = bind("1–4", "lists", "tab", "right", "l")
	keyPreviousList = bind("shift+tab", "previous list", "shift+tab", "left", "h")
	keyCopyURL      = bind("U", "copy URL", "U")
	keyCopyKey      = bind("K", "copy API key", "K")
	keyCopyAnyID    = bind("Y", "copy ID", "Y")
	keyNewUser      = bind("n", "add a user", "n")
	keyStop         = bind("q", "stop the server", "q")

	// In lists and texts.
	keyUp       = bind("↑", "up", "up", "k", "left", "h", "shift+tab")
	keyDown     = bind("↓", "down", "down", "j", "right", "l", "tab")
	keyPageUp   = bind("pgup", "page up", "pgup")
	keyPageDown = bind("pgdn", "page down", "pgdown", " ")
	keyFirst    = bind("home", "first", "home", "g")
	keyLast     = bind("end", "last", "end", "G")

	// The same where the others change what is shown.
	keyUpAlone   = bind("↑", "up", "up", "k")
	keyDownAlone = bind("↓", "down", "down", "j")

	// The same where letters are typed.
	keyUpTyping   = bind("↑↓", "move", "up", "shift+tab")
	keyDownTyping = bind("↓", "down", "down", "tab")

	keyPageDownTyping = bind("pgdn pgup", "page", "pgdown")

	// In a field, which knows them itself.
	keyInField    = bind("←→", "move in the field", "left", "right")
	keyEmptyField = bind("ctrl+u", "empty the field", "ctrl+u")

	// While a filter is typed.
	keyKeepFilter = bind("enter", "keep the filter", "enter")
	keyDropFilter = bind("esc", "show all", "esc")
)

func bind(shown, does string, pressed ...string) key.Binding {
	return key.NewBinding(key.WithKeys(pressed...), key.WithHelp(shown, does))
}

// as returns the binding with another description.
func as(b key.Binding, shown, does string) key.Binding {
	b.SetHelp(shown, does)
	return b
}
