package tui

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/tui/widget"
)

// helpView says what each key does, in place of the screen.
type helpView struct {
	open bool
	from int // the first line shown
}

func (m Model) showHelp() Model {
	m.help = helpView{open: true}
	return m
}

// helpKeys are the keys of the help.
func (m Model) helpKeys() []key.Binding {
	if m.helpPicker().N > 0 {
		return []key.Binding{as(keyUp, "↑↓", "scroll"), as(keyBack, "esc", "close")}
	}
	return []key.Binding{as(keyBack, "any key", "close")}
}

// press scrolls a long list with the keys that move; any other key closes the help.
func (v helpView) press(msg tea.KeyMsg, p widget.Picker) helpView {
	to := mover{p, func(at int) (screen, tea.Cmd) { v.from = at; return nil, nil }}
	for _, a := range to.keys("scroll", hidden) {
		if a.when && key.Matches(msg, a.key) {
			a.do()
			return v
		}
	}
	return helpView{}
}

// helpPicker is the visible part of the help.
func (m Model) helpPicker() widget.Picker {
	_, h := m.session.box()
	return scroll(m.help.from, len(m.helpLines()), h)
}

// helpLines are the keys of the screen and those of every screen, beside each other
// if there is room.
func (m Model) helpLines() []string {
	const gap, least = 4, 50 // columns
	w, _ := m.session.box()
	own, general := m.screenKeys(shown|offered), m.everywhere()
	if w < 2*least+gap {
		return strings.Split(m.keyTable("On this screen", own, w)+"\n\n"+m.keyTable("Everywhere", general, w), "\n")
	}
	half := (w - gap) / 2
	left := lipgloss.NewStyle().Width(half + gap).Render(m.keyTable("On this screen", own, half))
	return strings.Split(lipgloss.JoinHorizontal(lipgloss.Top, left, m.keyTable("Everywhere", general, half)), "\n")
}

// everywhere are the keys that work on every screen now.
func (m Model) everywhere() []key.Binding {
	general := []key.Binding{
		bind("↑↓ kj", "move"), bind("←→ hl", "move"), bind("pgdn pgup space", "page"), bind("home end gG", "first, last"),
		bind("tab shift+tab", "next, previous field"), bind("enter", "confirm"), bind("esc", "back"),
		bind(": ctrl+p", "palette"), bind("? f1", "help"), bind("i f2", "API calls"), m.quitKey(),
	}
	switch m.typing() {
	case textTyped: // letters are text
		general = []key.Binding{
			bind("↑↓", "move"), bind("pgdn pgup", "page"), bind("←→", "move in the field"), bind("tab shift+tab", "next, previous field"), bind("enter", "confirm"),
			bind("esc", "back"), bind("ctrl+u", "empty the field"), bind("ctrl+p", "palette"), bind("f1", "help"), bind("f2", "API calls"),
		}
	case digitsTyped:
		general = slices.DeleteFunc(general, func(b key.Binding) bool { return b.Help().Key == "q" })
	}
	if !m.session.NoSuspend {
		general = append(general, bind("ctrl+z", "suspend"))
	}
	if m.session.serves() {
		return append(general, as(keyStop, "ctrl+c", keyStop.Help().Desc))
	}
	return append(general, bind("ctrl+c", "quit at once"))
}

// keyTable is a title and what each key does, in w columns.
func (m Model) keyTable(title string, bindings []key.Binding, w int) string {
	const gap = 2
	st, width := m.session.styles, 0
	for _, b := range bindings {
		width = max(width, lipgloss.Width(b.Help().Key))
	}
	width = min(width, w/3)
	lines := []string{st.title.Render(title)}
	for _, b := range bindings {
		name := strings.Split(ansi.Wrap(b.Help().Key, width, ""), "\n")
		says := strings.Split(ansi.Wrap(sentence(b), w-width-gap, " "), "\n")
		for i := range max(len(name), len(says)) {
			var k, text string
			if i < len(name) {
				k = name[i]
			}
			if i < len(says) {
				text = says[i]
			}
			lines = append(lines, st.key.Render(column(k, width))+strings.Repeat(" ", gap)+text)
		}
	}
	return strings.Join(lines, "\n")
}

// sentence says what a key does. Where it has none its label does.
func sentence(b key.Binding) string { return cmp.Or(sentences[b.Help().Desc], b.Help().Desc) }

// sentences say what the keys of each label do.
var sentences = map[string]string{
	// Everywhere.
	"move":                 "Move to another line.",
	"page":                 "Move a page on, or back.",
	"first, last":          "Move to the first line, or the last.",
	"scroll":               "Move through the text.",
	"choose":               "Move to the other answer.",
	"next, previous field": "Move to the next field, or back to the one before.",
	"move in the field":    "Move the cursor in what you have typed.",
	"empty the field":      "Delete what you have typed in the field.",
	"next field":           "Move to the next field.",
	"previous field":       "Move back to the field before.",
	"confirm":              "Do what is chosen.",
	"back":                 "Go back to the screen before. It never quits.",
	"cancel":               "Cancel the call that is under way.",
	"leave it running":     "Leave this screen. The call goes on; you will see how it ends.",
	"close":                "Go back to what was here before.",
	"palette":              "Find whatever can be done, a factor or a user, by its name.",
	"help":                 "Say what each key does on this screen.",
	"API calls":            "Show each API call, and the code that makes it again.",
	"quit":                 "Quit. Your factors are saved already.",
	"quit at once":         "Quit at once, also while you type.",
	"suspend":              "Go back to the shell for a while; fg brings mfa-tui back.",

	// The console of a server.
	"stop the server":  "Stop the server and quit. Its state is saved, if it has a file for it.",
	"copy as curl":     "Copy the call as a curl command, with the key in a variable.",
	"copy URL":         "Copy the URL to give to your app.",
	"lists":            "Go to the next list: API calls, messages, factors, users.",
	"previous list":    "Go to the list before.",
	"list of calls":    "Show what your apps called, and what they were answered.",
	"list of messages": "Show the text messages and mails, with their codes.",
	"list of factors":  "Show all factors, with the codes that a phone shows for them now.",
	"list of users":    "Show all users, to add or delete one.",
	"add a user":       "Add a user with an e-mail address.",
	"add this user":    "Add a user with this address.",
	"QR code, secret":  "Show the QR code of the factor, and its secret with s.",
	"delete user":      "Delete the user and their factors. You are asked first.",

	// Factors.
	"factors":            "Go to the list of factors.",
	"enroll":             "Enroll a factor: authenticator app, text messages, or your own codes.",
	"open":               "Show everything about the chosen one.",
	"challenge":          "Ask for a code of this factor, and check it.",
	"challenge again":    "Ask for another code of this factor.",
	"filter":             "Show only the lines that have what you type.",
	"keep the filter":    "Go back to the list, with only these lines.",
	"show all":           "Drop the filter.",
	"sort":               "Sort by the newest, by name, or by the last verification.",
	"delete":             "Delete the factor for good. You are asked first.",
	"remove from list":   "Remove it from this list only: it still works. You are asked first.",
	"clear list":         "Remove all from this list only, after a backup. You are asked first.",
	"refresh":            "Ask the server again about what is shown.",
	"add by ID":          "Put a factor on this list that was enrolled elsewhere, by its ID.",
	"users":              "Find a user and their factors, to help someone who lost a phone.",
	"put on my list":     "Put this factor of the user on your own list as well.",
	"lab":                "Make calls fail on purpose, or move the clock, to see what happens.",
	"other environments": "Show the factors of other environments, and move them here.",
	"write back":         "Write the factor file again, from what is in memory.",
	"edit label":         "Give the factor your own name for it, on this list only.",
	"view QR code":       "Show the QR code again. It is kept until the first verification.",
	"copy ID":            "Copy the ID of the factor to the clipboard.",

	// Enrolling.
	"next":          "Go on to the first field that is not filled in yet.",
	"add":           "Ask the server for the factor with this ID, and list it here.",
	"save":          "Save what you have typed.",
	"verify":        "Check the code.",
	"show secret":   "Show the secret for 30 seconds, to type it into the app.",
	"hide secret":   "Hide the secret.",
	"copy secret":   "Copy the secret. Where possible it is cleared after 30 seconds.",
	"copy URI":      "Copy the otpauth:// URI, for a password manager.",
	"save PNG":      "Save the QR code as a picture in the working folder.",
	"open picture":  "Open the QR code in your image viewer.",
	"style":         "Draw the QR code in another way.",
	"zoom":          "Give the QR code the whole terminal.",
	"zoom out":      "Show what is around the QR code again.",
	"send":          "Send the text message.",
	"resend":        "Send another text message. It starts a new challenge.",
	"new challenge": "Start a new challenge. The old one takes no more codes.",
	"fill in":       "Fill in the code that the test phone shows, or that you deliver, and check it.",
	"show code":     "Show the code for 30 seconds.",
	"hide code":     "Hide the code.",
	"copy code":     "Copy the code to the clipboard.",

	// Users.
	"find":        "Ask the server for the user with this address.",
	"create user": "Create a user with the address that you have typed.",

	// Questions and trouble.
	"yes":                   "Do it.",
	"no":                    "Go back. Nothing is done.",
	"remove":                "Remove it.",
	"move its factors here": "Move the factors of this environment here. You are asked first.",
	"save again":            "Try again to save the factor.",
	"continue unsaved":      "Go on. Unless it is saved by then, quitting prints the factor's ID.",
	"try again":             "Try again.",
	"restore the backup":    "Restore the backup. The broken file is kept.",
	"write":                 "Write the factor file again, from what is in memory.",
	"later":                 "Go back to the factors. They are in memory only.",

	// API calls, lab and palette.
	"see":           "Show the request and the response.",
	"view":          "Show the next of request, response, curl, Go and Python.",
	"previous view": "Show the one before.",
	"copy":          "Copy what is shown.",
	"do it":         "Do what is chosen.",
}
