package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// No key does two things on any screen, whether the footer shows it or not.
func TestOneKeyOneAction(t *testing.T) {
	for _, size := range goldenSizes {
		for _, tale := range tales {
			t.Run(fmt.Sprintf("%s-%dx%d", tale.name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				p := threeFactors(t, size[0], size[1])
				tale.do(p)
				bindings := append(p.model.generalKeys(), keyInterrupt, keySuspend)
				if p.model.over == nil {
					bindings = append(bindings, p.model.callsKey())
				}
				for _, a := range p.model.actions() {
					bindings = append(bindings, a.key)
				}
				does := map[string]string{}
				for _, b := range bindings {
					for _, name := range b.Keys() {
						if other, ok := does[name]; ok {
							t.Errorf("%s is %q and %q", name, other, b.Help().Desc)
						}
						does[name] = b.Help().Desc
					}
				}
			})
		}
	}
}

// Where a program can't be suspended, no key says that it can.
func TestNoSuspend(t *testing.T) {
	suspend := tea.KeyMsg{Type: tea.KeyCtrlZ}
	for _, none := range []bool{false, true} {
		p := threeFactors(t, 80, 24)
		p.model.session.NoSuspend = none
		_, cmd := p.model.Update(suspend)
		suspends := false
		if cmd != nil {
			_, suspends = cmd().(tea.SuspendMsg)
		}
		p.press("?", "end")
		if suspends == none || strings.Contains(p.screen(), "ctrl+z") == none {
			t.Errorf("NoSuspend %t: it suspends %t, and the help is\n%s", none, suspends, p.screen())
		}
	}
}

// View changes nothing in the session. What it would write elsewhere, the race detector
// sees in two views at a time.
func TestViewChangesNothing(t *testing.T) {
	for _, tale := range tales {
		t.Run(tale.name, func(t *testing.T) {
			p := threeFactors(t, 80, 24)
			tale.do(p)
			before := fmt.Sprintf("%+v", p.model.session)
			other := make(chan string)
			go func() { other <- p.model.View() }()
			if p.model.View() != <-other {
				t.Error("two views differ")
			}
			if after := fmt.Sprintf("%+v", p.model.session); after != before {
				t.Errorf("the session was\n%s\nand is\n%s", before, after)
			}
		})
	}
}

// A factor that is gone at WorkOS can only be removed from the list.
func TestGoneFactor(t *testing.T) {
	p := threeFactors(t, 120, 40)
	if _, err := p.store.MarkGone(t.Context(), p.newest().ID, p.now); err != nil {
		t.Fatal(err)
	}
	p.press("s", "s", "s").sees("✗ gone", "x remove from list").seesNo("c challenge", "d delete")
	const why = "! Gone at the local engine · x removes it from the list"
	p.press("c").at("factors").sees(why).press("d").at("factors").sees(why)
	p.press("enter").at("factor").sees("x remove from list").seesNo("y copy ID", "d delete", "enter challenge", "r refresh", "e edit label", "v QR code")
	calls := len(p.wire.calls)
	for _, k := range []string{"enter", "c", "d", "e", "r", "v"} {
		if p.press(k).at("factor").sees(why).press("i", "esc").seesNo(why); len(p.wire.calls) != calls {
			t.Errorf("%s: calls %v", k, p.wire.calls[calls:])
		}
	}
	p.resizes(40, 12).sees("x remove from list").seesNo(why).resizes(120, 40)
	p.press("x", "y").at("factors").sees("2 factors")

	p.enrollTOTP("Foo", "a@b.co").press("esc").at("factor").sees("v QR code")
	if _, err := p.store.MarkGone(t.Context(), p.newest().ID, p.now); err != nil {
		t.Fatal(err)
	}
	p.press("esc", "enter").at("factor").sees("✗ gone").seesNo("v QR code").press("v").at("factor").sees(why)
}

// A save is soon over: esc neither cancels nor leaves it.
func TestEscLeavesTheSaveAlone(t *testing.T) {
	p := threeFactors(t, 80, 24).press("enter", "e").types("mine")
	cmds := p.update(keyPress("enter"))
	p.sees("Saving").seesNo("esc").press("esc", "x").at("label")
	for ; len(cmds) > 0; cmds = cmds[1:] {
		cmds = append(cmds, p.run(cmds[0])...)
	}
	p.at("factor").sees("mine").seesNo("Saving")
}
