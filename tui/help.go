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

// helpWidth is what the keys of a screen need, with their labels and sentences.
const helpWidth = 76

// helpLines are the keys of the screen and those of every screen, beside each other
// if there is room.
func (m Model) helpLines() []string {
	const gap, least = 4, 30 // columns
	w, _ := m.session.box()
	first := min(w, helpWidth)
	rows, general := m.screenHelp(), m.generalHelp()
	rest := w - first - gap
	if rest < least {
		c := columnsOf(slices.Concat(rows, general), first)
		return slices.Concat(m.helpTable("On this screen", rows, c), []string{""}, m.helpTable("Everywhere", general, c))
	}
	own, right := m.helpTable("On this screen", rows, columnsOf(rows, first)), m.helpTable("Everywhere", general, columnsOf(general, rest))
	left := lipgloss.NewStyle().Width(first + gap).Render(strings.Join(own, "\n"))
	return strings.Split(lipgloss.JoinHorizontal(lipgloss.Top, left, strings.Join(right, "\n")), "\n")
}

// helpRow is a key in the help, or two keys that do the same each the other way.
type helpRow struct {
	key.Binding
	twin []string
}

// screenHelp is the keys that work on the visible screen now.
func (m Model) screenHelp() (rows []helpRow) {
	for _, a := range m.actions() {
		switch last := len(rows) - 1; {
		case a.how&twin != 0 && last >= 0:
			rows[last].twin = a.key.Keys()
		case a.how&(shown|offered|movement) != 0:
			rows = append(rows, helpRow{Binding: a.key})
		}
	}
	if m.typing() == textTyped && !m.waits() {
		rows = append(rows, helpRow{Binding: keyInField}, helpRow{Binding: keyEmptyField})
	}
	return rows
}

// generalHelp is the keys that work on every screen now.
func (m Model) generalHelp() (rows []helpRow) {
	for _, g := range m.generals() {
		if g.when && g.useful {
			rows = append(rows, helpRow{Binding: g.key})
		}
	}
	if !m.session.NoSuspend {
		rows = append(rows, helpRow{Binding: keySuspend})
	}
	if m.session.serves() {
		return append(rows, helpRow{Binding: as(keyInterrupt, "ctrl+c", keyStop.Help().Desc)})
	}
	return append(rows, helpRow{Binding: keyInterrupt})
}

// signs are how a key is shown, if not by its name.
var signs = map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→", "pgdown": "pgdn", " ": "space"}

// others are the keys that do the same as the one that is shown.
func (r helpRow) others() (names []string) {
	told := strings.Fields(strings.NewReplacer("↑↓", "↑ ↓", "←→", "← →").Replace(r.Help().Key))
	for i := range max(len(r.Keys()), len(r.twin)) {
		for _, keys := range [][]string{r.Keys(), r.twin} {
			if i >= len(keys) {
				continue
			}
			if name := cmp.Or(signs[keys[i]], keys[i]); !slices.Contains(told, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// says is the sentence of a key, with the others that do the same.
func (m Model) says(r helpRow) string {
	text := m.sentence(r.Binding)
	if others := r.others(); len(others) > 0 {
		text = strings.TrimSuffix(text, ".") + ", also " + strings.Join(others, " ")
	}
	return text
}

// helpColumns are the widths of the keys, their labels and the sentences.
type helpColumns struct{ key, label, says int }

// columnsOf is how rows have room in w columns: without the labels, which the footer has,
// where that is little.
func columnsOf(rows []helpRow, w int) (c helpColumns) {
	const least = 40
	for _, r := range rows {
		c.key, c.label = max(c.key, lipgloss.Width(r.Help().Key)+columnGap), max(c.label, lipgloss.Width(r.Help().Desc)+columnGap)
	}
	if w-c.key-c.label < least {
		c.label = 0
	}
	c.says = w - c.key - c.label
	return c
}

// helpTable is a title and what each key does.
func (m Model) helpTable(title string, rows []helpRow, c helpColumns) []string {
	st := m.session.styles
	lines := []string{st.title.Render(title)}
	for _, r := range rows {
		head := st.key.Render(column(r.Help().Key, c.key)) + st.text.Render(column(r.Help().Desc, c.label))
		for _, says := range strings.Split(ansi.Wrap(m.says(r), c.says, " "), "\n") {
			lines = append(lines, head+st.dim.Render(says))
			head = strings.Repeat(" ", c.key+c.label)
		}
	}
	return lines
}

// sentence says what a key does. Where it has none its label does.
func (m Model) sentence(b key.Binding) string {
	if same(b, keyQuit) && m.session.Store != nil && len(m.session.Store.Unsaved()) > 0 {
		return sentences["quit unsaved"]
	}
	return cmp.Or(sentences[b.Help().Desc], b.Help().Desc)
}

// sentences say what the keys of each label do, in as many columns as the palette has for
// them in a terminal of 80.
var sentences = map[string]string{
	// Everywhere.
	"move":              "Go up or down.",
	"page":              "Go a page on, or back.",
	"first, last":       "Go to the first line, or the last.",
	"scroll":            "Move through the text.",
	"choose":            "Go to another one.",
	"move in the field": "Move the cursor in what you typed.",
	"empty the field":   "Delete what you typed in the field.",
	"next field":        "Go to the next field.",
	"previous field":    "Go to the previous field.",
	"back":              "Go back to the previous screen.",
	"cancel":            "Cancel the call that is under way.",
	"leave it running":  "Leave this screen while the call goes on.",
	"close":             "Go back to what was here before.",
	"palette":           "Find anything by its name.",
	"help":              "Say what each key does.",
	"API calls":         "Show requests, responses and code.",
	"quit":              "Quit. Your factors are saved.",
	"quit unsaved":      "Quit. It prints the IDs of unsaved factors.",
	"quit at once":      "Quit at once, also while you type.",
	"suspend":           "Go back to the shell; fg returns.",

	// The console of a server.
	"stop the server":   "Stop and quit. A state file is saved first.",
	"copy as curl":      "Copy it as curl, the key in a variable.",
	"copy URL":          "Copy the URL to give to your app.",
	"lists":             "Go to another list.",
	"list of API calls": "Show what your apps called.",
	"list of messages":  "Show text messages and e-mails with codes.",
	"list of factors":   "Show all factors with their current codes.",
	"list of users":     "Show all users, to add or delete one.",
	"add a user":        "Add a user with an e-mail address.",
	"add this user":     "Add a user with this address.",
	"QR code, secret":   "Show the QR code; s shows the secret.",
	"delete user":       "Delete the user with all factors. Asks first.",

	// Factors.
	"factors":            "Go to the list of factors.",
	"enroll":             "Add a factor: an app, SMS or your own codes.",
	"open":               "Show everything about the chosen one.",
	"challenge":          "Start a challenge and check its code.",
	"challenge again":    "Start another challenge of this factor.",
	"filter":             "Show only lines with what you type.",
	"keep the filter":    "Go back to the list with only these lines.",
	"show all":           "Drop the filter.",
	"sort":               "Sort by newest, name or last verification.",
	"delete":             "Delete the factor for good. Asks first.",
	"remove from list":   "Remove it here only; it still works.",
	"clear list":         "Remove all from this list. Saves a backup.",
	"refresh":            "Ask the server again about what is shown.",
	"add by ID":          "List a factor that was enrolled elsewhere.",
	"users":              "Find a user and their factors.",
	"add user":           "Add a user with the address you typed.",
	"put on my list":     "List this factor among your own as well.",
	"lab":                "Make calls fail, or move the clock.",
	"other environments": "Move factors here from other environments.",
	"write back":         "Write the factor file again from memory.",
	"edit label":         "Give the factor a name of your own.",
	"view QR code":       "Show it again, until the first verification.",
	"copy ID":            "Copy the ID of the factor.",

	// Enrolling.
	"next":          "Go to the first field to fill in.",
	"add":           "Look up the factor with this ID and list it.",
	"save":          "Save what you typed.",
	"verify":        "Check the code.",
	"later":         "Go to the factor, and verify it later.",
	"show secret":   "Show the secret for 30 seconds.",
	"hide secret":   "Hide the secret.",
	"copy secret":   "Copy it; cleared after 30 s where possible.",
	"copy URI":      "Copy the otpauth:// URI for another app.",
	"save PNG":      "Save the QR code in the working folder.",
	"open picture":  "Open the QR code in your image viewer.",
	"style":         "Draw the QR code in another style.",
	"zoom":          "Give the QR code the whole terminal.",
	"zoom out":      "Show what is around the QR code again.",
	"send":          "Send the text message.",
	"resend":        "Send a new code, of a new challenge.",
	"new challenge": "Start a new challenge; the old one ends.",
	"fill in":       "Fill in the current code and check it.",
	"show code":     "Show the code for 30 seconds.",
	"hide code":     "Hide the code.",
	"copy code":     "Copy the code.",

	// Users.
	"find":             "Find the user with this address.",
	"create this user": "Create a user with this address.",

	// Questions and trouble.
	"yes":                   "Do it.",
	"no":                    "Go back. Nothing is done.",
	"remove":                "Remove it.",
	"move its factors here": "Move them here. Asks first.",
	"save again":            "Try again to save the factor.",
	"continue unsaved":      "Go on. Quitting prints the ID if needed.",
	"try again":             "Try again.",
	"restore the backup":    "Restore the backup; keep the broken file.",
	"write":                 "Write the factor file again from memory.",

	// API calls, lab and palette.
	"see":   "Show the request and the response.",
	"view":  "Go through request, response and code.",
	"copy":  "Copy what is shown.",
	"do it": "Do what is chosen.",
}
