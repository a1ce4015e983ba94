package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

const (
	footerGap  = "  "
	footerMore = "…" // stands for keys without room
)

// spot is where a key is in the footer, in columns.
type spot struct {
	key      key.Binding
	from, to int
}

// footer is the keys that work now, as many as fit into w columns: esc, help and
// quit always, the others in their order. spots say where each key is.
func (m Model) footer(w int) (line string, spots []spot) {
	st := m.session.styles
	shown, left := m.footerKeys(w)
	for i, b := range shown {
		if i > 0 {
			line += footerGap
		}
		if i == left {
			line += st.dim.Render(footerMore) + footerGap
		}
		from := lipgloss.Width(line)
		line += keyWord(st, b)
		spots = append(spots, spot{b, from, lipgloss.Width(line)})
	}
	return ansi.Truncate(line, w, footerMore), spots
}

// footerKeys are the keys that fit into w columns. Keys without room are missing
// before index left, which is negative if all fit.
func (m Model) footerKeys(w int) (shown []key.Binding, left int) {
	own, last := m.screenKeys(), m.generalKeys()
	if m.help.open {
		own, last = m.helpKeys(), nil
	}
	if footerWidth(slices.Concat(own, last)) <= w {
		return slices.Concat(own, last), -1
	}
	room := w - lipgloss.Width(footerGap+footerMore)
	back := slices.IndexFunc(own, isBack)
	if back > 0 && footerWidth(append([]key.Binding{own[0], own[back]}, last...)) <= room {
		last = append([]key.Binding{own[back]}, last...)
		own = slices.Delete(slices.Clone(own), back, back+1)
	}
	for len(own) > 1 && footerWidth(slices.Concat(own, last)) > room {
		own = own[:len(own)-1]
	}
	return slices.Concat(own, last), len(own)
}

func footerWidth(shown []key.Binding) int {
	w := len(footerGap) * (len(shown) - 1)
	for _, b := range shown {
		w += lipgloss.Width(b.Help().Key + " " + b.Help().Desc)
	}
	return w
}

// keyWord is a key with what it does.
func keyWord(st styles, b key.Binding) string {
	return st.key.Render(b.Help().Key) + " " + st.dim.Render(b.Help().Desc)
}
