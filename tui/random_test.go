package tui

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/workos/local"
)

// impatientLab is the lab without the call that takes as long as patience lasts.
type impatientLab struct{ *local.Engine }

func (l impatientLab) FailNext(failure string) error {
	if failure == "timeout" {
		failure = "fault"
	}
	return l.Engine.FailNext(failure)
}

// TestRandomKeys presses keys at random, with resizes and time between them. No
// frame is ever too large, no move is outside the table (the person checks
// both), nothing panics, and esc leads home from wherever it ends. Every other
// run begins at a user's factors.
func TestRandomKeys(t *testing.T) {
	const events = 1000
	runs := 4
	if os.Getenv("LONG_TESTS") != "" {
		runs = 20
	}
	typed := slices.Concat([]string{"backspace", "ctrl+u", "f", "1", "9", "A", "+"}, keyHelp.Keys(), keyCalls.Keys())
	pastes := []string{"123456", "+15005550006", "Foo Corp", "a\nb\x1b[31m", "日本 é", "{{code}}", "", "marc@example.com", "bob@example.com"}
	sizes := [][2]int{{80, 24}, {40, 12}, {120, 40}, {200, 50}, {30, 5}, {1, 1}, {0, 0}, {41, 13}, {100, 20}}
	for seed := range runs {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(uint64(seed), 1))
			p := threeFactors(t, 80, 24)
			p.model.session.Lab = impatientLab{p.engine}
			p.hasUser("marc@example.com", 30)
			names := slices.Clone(typed)
			home := "factors"
			if seed%4 == 2 {
				p.serves().hasClients()
				p.model.session.Lab, home = impatientLab{p.engine}, "console"
			}
			if seed%2 == 1 { // an address is too much to ask of chance
				p.opens("marc@example.com")
			}
			for range events {
				switch n := rnd.IntN(40); {
				case n == 0:
					size := sizes[rnd.IntN(len(sizes))]
					p.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				case n == 1:
					p.waits(time.Duration(rnd.IntN(1000)) * time.Second)
				case n == 2:
					p.send(tea.MouseMsg{X: rnd.IntN(120), Y: rnd.IntN(40), Button: tea.MouseButton(rnd.IntN(8)), Action: tea.MouseActionPress})
				case n <= 4:
					p.pastes(pastes[rnd.IntN(len(pastes))])
				default: // a key of this screen or an earlier one, also while it does not work
					for _, a := range p.model.top().actions() {
						names = append(names, a.key.Keys()...)
					}
					slices.Sort(names)
					names = slices.Compact(names)
					p.press(names[rnd.IntN(len(names))])
				}
			}
			p.send(tea.WindowSizeMsg{Width: 80, Height: 24})
			for range 10 {
				p.press("esc")
			}
			p.at(home)
		})
	}
}
