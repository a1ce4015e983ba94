// Command smallest is the smallest list that Bubble Tea can show. make bench
// measures mfa-tui against it. Its argument is the number of items.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/charmbracelet/bubbles/list"
	"github.com/charmbracelet/bubbles/paginator"
	tea "github.com/charmbracelet/bubbletea"
)

type item int

func (i item) Title() string       { return fmt.Sprintf("Item %d", int(i)) }
func (i item) Description() string { return "an item of the list" }
func (i item) FilterValue() string { return i.Title() }

type model struct{ list.Model }

func (m model) Init() tea.Cmd { return nil }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		m.SetSize(size.Width, size.Height)
	}
	var cmd tea.Cmd
	m.Model, cmd = m.Model.Update(msg)
	return m, cmd
}

func main() {
	count := 3
	if len(os.Args) > 1 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	items := make([]list.Item, count)
	for i := range items {
		items[i] = item(i + 1)
	}
	l := list.New(nil, list.NewDefaultDelegate(), 0, 0)
	l.Paginator.Type = paginator.Arabic // the dots are quadratic in the pages
	l.SetItems(items)
	if _, err := tea.NewProgram(model{l}, tea.WithAltScreen(), tea.WithFPS(120)).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
