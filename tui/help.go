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
	const gap, least = 4, 30 // columns
	w, _ := m.session.box()
	rows, general := m.screenHelp(), m.generalHelp()
	first := m.session.textWidth(w)
	own := strings.Join(m.helpTable("On this screen", rows, columnsOf(rows, first)), "\n")
	rest := w - lipgloss.Width(own) - gap
	if rest < least {
		c := columnsOf(slices.Concat(rows, general), first)
		return slices.Concat(m.helpTable("On this screen", rows, c), []string{""}, m.helpTable("Everywhere", general, c))
	}
	right := strings.Join(m.helpTable("Everywhere", general, columnsOf(general, rest)), "\n")
	return strings.Split(lipgloss.JoinHorizontal(lipgloss.Top, own, strings.Repeat(" ", gap), right), "\n")
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
	for _, g := range m.useful() {
		rows = append(rows, helpRow{Binding: g.key})
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
