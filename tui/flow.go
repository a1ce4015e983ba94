package tui

// move leads from one screen to another.
type move struct{ from, by, to string }

// moves is the whole state machine: which screen leads to which, by a key or by the
// message that ends a call ("challenge started" is challengeStartedMsg). A test walks
// the real screens and fails on a move that is missing here, and on a move here that
// the screens never make. The README draws the table.
var moves = []move{
	{"factors", "n", "enrollType"},
	{"factors", "enter", "factor"},
	{"factors", "challenge started", "code"},
	{"factors", "c", "message"},
	{"factors", "a", "add"},
	{"factors", "d, x, X", "confirm"},
	{"factors", "e", "label"},
	{"factors", "e", "environments"},
	{"environments", "enter", "confirm"},
	{"environments", "esc, records changed", "factors"},
	{"confirm", "esc, n, enter", "environments"},
	{"factors", "L", "lab"},
	{"lab", "esc", "factors"},
	{"factors", "u", "users"},

	{"users", "enter, users found, user added", "userFactors"},
	{"users", "esc", "factors"},
	{"userFactors", "n", "enrollType"},
	{"userFactors", "enter", "factor"},
	{"userFactors", "challenge started", "code"},
	{"userFactors", "c", "message"},
	{"userFactors", "d", "confirm"},
	{"userFactors", "esc", "users"},

	{"enrollType", "enter", "enrollForm"},
	{"enrollType", "esc", "factors"},
	{"enrollForm", "factor enrolled", "qr"},
	{"enrollForm", "factor enrolled", "message"},
	{"enrollForm", "factor enrolled", "factor"}, // a Generic OTP, whose challenge is started there
	{"enrollForm", "factor enrolled", "unsaved"},
	{"enrollForm", "esc", "enrollType"},
	{"enrollForm", "esc", "factors"}, // while the enrollment keeps running
	{"qr", "challenge started", "code"},
	{"qr", "esc", "factor"},

	{"factor", "challenge started", "code"},
	{"factor", "c, enter", "message"},
	{"factor", "v", "qr"},
	{"factor", "e", "label"},
	{"factor", "d, x", "confirm"},
	{"factor", "esc", "factors"},
	{"label", "esc, label set", "factor"},
	{"label", "esc, label set", "factors"},
	{"confirm", "esc, n, enter", "factor"},
	{"confirm", "esc, n, enter, factor deleted, factors removed, factors moved", "factors"},
	{"add", "enter", "factors"}, // it is already on the list
	{"add", "factor added", "factor"},
	{"add", "factor added", "unsaved"},
	{"add", "esc", "factors"},

	{"message", "challenge started", "code"},
	{"message", "esc", "factors"},
	{"message", "esc", "factor"},
	{"code", "code checked", "result"},
	{"code", "code checked", "unsaved"},
	{"code", "esc", "factors"},
	{"code", "esc", "factor"},
	{"code", "esc", "qr"},
	{"result", "enter, esc", "factors"},
	{"result", "n", "enrollType"},
	{"result", "e", "label"},
	{"label", "esc, label set", "result"},
	{"result", "challenge started", "code"},
	{"result", "c", "message"},

	{"unsaved", "saved, esc", "qr"},
	{"unsaved", "saved, esc", "message"},
	{"unsaved", "saved, esc", "factor"},
	{"unsaved", "saved, esc", "result"},

	// Screens that were opened from a user's factors lead back there.
	{"enrollType", "esc", "userFactors"},
	{"enrollForm", "esc", "userFactors"},
	{"factor", "esc", "userFactors"},
	{"confirm", "esc, n, enter, factor deleted, factors removed", "userFactors"},
	{"message", "esc", "userFactors"},
	{"code", "esc", "userFactors"},
	{"result", "enter, esc", "userFactors"},

	{"factors", "store vanished", "storeVanished"},
	{"storeVanished", "esc, store written, records changed", "factors"},
	{"storeError", "store opened, store restored", "factors"},
}

// anywhere is where the palette leads from any screen, beside what the screen's own keys do.
var anywhere = []string{"factors", "factor", "enrollType", "add", "users", "userFactors", "lab", "confirm"}

// consoleMoves are those of the console of a server alone. It takes the place of the list
// of factors, and so has its moves too.
var consoleMoves = []move{
	{"console", "enter", "serverMessage"},
	{"serverMessage", "esc", "console"},
	{"console", "v", "qr"},
	{"qr", "esc", "console"},
	{"console", "enter", "userFactors"},
	{"userFactors", "esc", "console"},
	{"console", "n", "addUser"},
	{"addUser", "esc, user added", "console"},
	{"confirm", "user deleted", "console"},
}
