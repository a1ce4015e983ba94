package tui

import (
	"image"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

const footerGap = "  "

// keyMore stands for keys without room.
var keyMore = bind("…", "")

// spot is where a key is in the footer, in cells.
type spot struct {
	key key.Binding
	at  image.Rectangle
}

// footer is the keys that work now, as many as fit into w columns and so many rows:
// esc, help and quit always, the others in their order. spots say where each key is.
func (m Model) footer(w, rows int) (lines []string, spots []spot) {
	st := m.session.styles
	wrapped := wrapKeys(m.footerKeys(w, rows), w)
	for _, shown := range wrapped[:min(rows, len(wrapped))] {
		line := ""
		for i, b := range shown {
			if i > 0 {
				line += footerGap
			}
			from := lipgloss.Width(line)
			line += keyWord(st, b)
			spots = append(spots, spot{b, image.Rect(from, len(lines), lipgloss.Width(line), len(lines)+1)})
		}
		lines = append(lines, ansi.Truncate(line, w, "…"))
	}
	return lines, spots
}

// footerKeys are the keys that fit into w columns and so many rows, with keyMore in
// place of those that do not.
func (m Model) footerKeys(w, rows int) []key.Binding {
	fit := func(parts ...[]key.Binding) bool { return len(wrapKeys(slices.Concat(parts...), w)) <= rows }
	own, last := m.screenKeys(), m.generalKeys()
	if m.help.open {
		own, last = m.helpKeys(), nil
	}
	if fit(own, last) {
		return slices.Concat(own, last)
	}
	rest := saysMore(last)
	if i := slices.IndexFunc(own, isBack); i > 0 {
		for _, others := range [][]key.Binding{rest, rest[1:]} { // the help has all
			if back := slices.Concat(own[i:i+1], others); fit(own[:1], back) {
				own, rest = slices.Delete(slices.Clone(own), i, i+1), back
				break
			}
		}
	}
	if !fit(own[:min(1, len(own))], rest) {
		rest = rest[1:]
	}
	for len(own) > 1 && !fit(own, rest) {
		own = own[:len(own)-1]
	}
	return slices.Concat(own, rest)
}

// saysMore says that there are more keys: the palette has them, where it can be opened.
func saysMore(last []key.Binding) []key.Binding {
	if len(last) > 0 && strings.Contains(last[0].Help().Desc, keyPalette.Help().Desc) {
		return append([]key.Binding{as(last[0], last[0].Help().Key, last[0].Help().Desc+"…")}, last[1:]...)
	}
	return append([]key.Binding{keyMore}, last...)
}

// wrapKeys breaks keys into rows of w columns.
func wrapKeys(keys []key.Binding, w int) (rows [][]key.Binding) {
	left := -1
	for _, b := range keys {
		width := keyWidth(b)
		if left -= len(footerGap) + width; left < 0 {
			rows, left = append(rows, nil), w-width
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], b)
	}
	return rows
}

// keyName is a key. Of two that do the same it is the first: the help has both.
func keyName(b key.Binding) string {
	if first, second, _ := strings.Cut(b.Help().Key, " "); slices.Contains(b.Keys(), second) {
		return first
	}
	return b.Help().Key
}

// keyWidth is the columns of a key with what it does.
func keyWidth(b key.Binding) int {
	w := ansi.StringWidth(keyName(b))
	if b.Help().Desc != "" {
		w += 1 + ansi.StringWidth(b.Help().Desc)
	}
	return w
}

// keyWord is a key with what it does, in the colours of a footer.
func keyWord(st styles, b key.Binding) string {
	if b.Help().Desc == "" {
		return st.dim.Render(keyName(b))
	}
	return st.key.Render(keyName(b)) + " " + st.dim.Render(b.Help().Desc)
}
