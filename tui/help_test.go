package tui

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
)

// The help scrolls where it is longer than the terminal, and any other key closes it.
func TestHelpScrolls(t *testing.T) {
	p := threeFactors(t, 40, 12)
	p.press("?").sees("On this screen", "Add a factor", "more", "↑↓ scroll", "esc close").seesNo("Everywhere")
	p.press("down").sees("↑ 2 more").press("up", "up").sees("On this screen")
	p.press("end").sees("ctrl+c", "Quit at once").press("home").sees("On this screen")
	p.press("esc").at("factors").sees("3 factors").press("?").sees("On this screen")
	p.resizes(120, 40).sees("Everywhere", "Quit at once", "any key close").seesNo("more").press("n").at("factors").sees("3 factors")
	p.press("n", "enter").types("?").sees("?").press("f1").sees("Delete what you typed").seesNo("q quit")
}

// help is all rows of the help.
func (p *person) help() []helpRow {
	return append(p.model.screenHelp(), p.model.generalHelp()...)
}

// The help has every key that works, also those that the footer has no room for.
func TestHelpTellsEveryKey(t *testing.T) {
	for _, tale := range tales {
		t.Run(tale.name, func(t *testing.T) {
			t.Parallel()
			p := threeFactors(t, 120, 40)
			tale.do(p)
			told := map[string]bool{}
			for _, r := range p.help() {
				for _, name := range append(strings.Fields(r.Help().Key), r.others()...) {
					told[name] = true
					if utf8.RuneCountInString(name) == 2 { // two keys, such as ↑↓
						for _, r := range name {
							told[string(r)] = true
						}
					}
				}
			}
			for _, a := range p.model.actions() {
				if a.how&(shown|offered|movement|twin) == 0 {
					continue // it only says why it does nothing
				}
				for _, name := range a.key.Keys() {
					if !told[cmp.Or(signs[name], name)] {
						t.Errorf("the help does not have %s, %s", name, a.key.Help().Desc)
					}
				}
			}
		})
	}
}

// Every key of the help that moves does move, from here or from where another leads.
func TestHelpTellsNoKeyThatDoesNothing(t *testing.T) {
	for _, tale := range tales {
		t.Run(tale.name, func(t *testing.T) {
			t.Parallel()
			p := threeFactors(t, 80, 24)
			tale.do(p)
			p.model.help = helpView{}
			names := movingKeys(p.model)
			from := []Model{p.model}
			for _, name := range names {
				from = append(from, pressed(p.model, name))
			}
			if p.model.typing() == textTyped {
				from = append(from, pressed(p.model, "a", "b"), pressed(p.model, "a", "b", "left"))
			}
			for _, name := range names {
				if !slices.ContainsFunc(from, func(m Model) bool {
					return pressed(m, name).View() != m.View() || pressed(m, name, "c").View() != pressed(m, "c").View()
				}) {
					t.Errorf("%s does nothing", name)
				}
			}
		})
	}
}

// movingKeys is the keys of the help that move in a list, a text, a form or a field.
func movingKeys(m Model) (names []string) {
	for _, a := range m.actions() {
		if a.how&(movement|twin) != 0 {
			names = append(names, a.key.Keys()...)
		}
	}
	for _, r := range m.screenHelp() {
		if same(r.Binding, keyInField) || same(r.Binding, keyEmptyField) {
			names = append(names, r.Keys()...)
		}
	}
	return names
}

// pressed is a model after keys that ask nobody.
func pressed(m Model, names ...string) Model {
	for _, name := range names {
		next, _ := m.Update(keyPress(name))
		m = next.(Model)
	}
	return m
}

// The help names no key that its screen does not have.
func TestHelpTellsOwnKeys(t *testing.T) {
	p := newPerson(t, 80, 24).press("?").seesNo("API calls", "f2", "Go up or down").press("esc").enrollTOTP("Foo", "a@b.co").press("enter").at("code")
	p.press("?").sees("Start a new challenge", "also f2").seesNo("Go up", "also k", "page", "q  ").press("esc")
	p.hasUser("a@example.com", 0)
	p.hasUser("b@example.com", 0)
	p.press("esc", "esc", "esc").press("u").waits(listPause).sees("2 users").press("pgdown").sees("▌ a@example.com").press("pgup").sees("▌ b@example.com")
}

// Each key that the help has is explained in a sentence, which has room in the palette.
func TestHelpExplainsEveryKey(t *testing.T) {
	for label, says := range sentences {
		if lipgloss.Width(says) > 45 {
			t.Errorf("%q is too long: %s", label, says)
		}
	}
	for _, tale := range tales {
		t.Run(tale.name, func(t *testing.T) {
			t.Parallel()
			p := threeFactors(t, 120, 40)
			tale.do(p)
			for _, r := range p.help() {
				if sentences[r.Help().Desc] == "" {
					t.Errorf("%s, %q, has no sentence", r.Help().Key, r.Help().Desc)
				}
			}
		})
	}
}
