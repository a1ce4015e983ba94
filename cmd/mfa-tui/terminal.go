package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"mfa-tui/tui"
	"mfa-tui/tui/qr"
	"mfa-tui/tui/term"
)

// look is how to draw on the terminal, by the flags and the environment.
type look struct {
	profile termenv.Profile // Ascii for no colours
	light   bool            // the background, for what is drawn without colours
	theme   tui.Theme
	dumb    bool // the terminal has no weights and no reverse video either
}

// themes are the values of --theme.
var themes = []string{autoTheme, "dark", "light", "none"}

// autoTheme is what the terminal or the environment says.
const autoTheme = "auto"

// terminalByEnv is what the environment says of the terminal.
func (p *program) terminalByEnv() term.Terminal { return term.FromEnv(p.env, p.system) }

// look is the look of the terminal.
func (p *program) look() look { return lookOf(p.env, p.theme()) }

// lookOf returns the look of a terminal with a theme of [themes].
func lookOf(e environ, theme string) look {
	t := term.FromEnv(e, runtime.GOOS)
	l, background := look{profile: t.Colors, dumb: e["TERM"] == "dumb"}, t.Background
	switch theme {
	case "none":
		l.profile = termenv.Ascii
	case "dark":
		background = term.Dark
	case "light":
		background = term.Light
	}
	l.light = background == term.Light
	switch {
	case l.plain():
		l.theme = tui.PlainTheme
	case background == term.Light:
		l.theme = tui.LightTheme
	case background == term.Dark:
		l.theme = tui.DarkTheme
	}
	return l
}

// plain reports whether there are no colours, or none are wanted.
func (l look) plain() bool { return l.profile == termenv.Ascii }

// theme is what --theme or the environment asks for.
func (p *program) theme() string { return cmp.Or(p.flags.theme, p.env["MFA_TUI_THEME"], autoTheme) }

// renderer returns the renderer of the look. It asks the terminal nothing, since
// colours and background are set.
func (l look) renderer() *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(l.profile)
	if l.plain() && !l.dumb {
		r.SetColorProfile(termenv.ANSI) // or there would be no bold and no cursor either
	}
	r.SetHasDarkBackground(!l.light)
	return r
}

// qrChoice is how QR codes are drawn first.
func (p *program) qrChoice() (style qr.Style, remember func(qr.Style) error) {
	choices := qrChoicesFor(p.env)
	return choices.load(p.flags.qr), choices.save
}

// glyphs are what the terminal has by the environment. Without UTF-8 there are no
// blocks.
func (p *program) glyphs() qr.Glyphs {
	switch known := p.terminalByEnv(); {
	case !known.UTF8:
		return qr.Spaces
	case known.Sextants:
		return qr.Sextants
	}
	return qr.HalfBlocks
}

// paint is how black and white are made on the terminal. A QR code is a picture, and
// has its colours also where none are wanted.
func (p *program) paint() qr.Paint {
	if p.bare {
		return qr.Bare
	}
	all := maps.Clone(p.env)
	delete(all, "NO_COLOR")
	delete(all, "CLICOLOR")
	return qr.PaintFor(p.env["TERM"], term.FromEnv(all, runtime.GOOS).Colors)
}

// notUTF8 says that the locale is not UTF-8, and fixUTF8 what to do about it.
func (p *program) notUTF8() string {
	return fmt.Sprintf("the locale %s is not UTF-8: the screens are drawn in ASCII", term.Locale(p.env.Getenv))
}

const fixUTF8 = "if your terminal is UTF-8, as nearly all are: export LC_ALL=C.UTF-8"

// feed sends messages to the screens until its context ends.
type feed func(ctx context.Context, send func(tea.Msg))

// show runs a model on the terminal, which is left as it was found, until the
// person quits or a signal ends it. Feeds are for screens that change all the time:
// synchronized draws each frame of them at once.
func (p *program) show(ctx context.Context, model tea.Model, in, out *os.File, synchronized bool, feeds ...feed) error {
	var screens *tea.Program
	theme := p.theme()
	input, output := term.Connect(in, out, term.Options{
		Terminal: p.terminalByEnv(),
		Ask:      theme == autoTheme || cmp.Or(qr.Style(p.flags.qr), qr.Auto) == qr.Auto,
		Answered: func(a term.AnswerMsg) {
			if theme != autoTheme {
				a.Background = term.UnknownBackground
			}
			screens.Send(a)
		},
		Mouse: p.flags.mouse, Synchronized: synchronized,
	})
	ctx, stop := untilSignal(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer onQuit(output.GiveBack)()
	settings := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(input), tea.WithOutput(output), tea.WithAltScreen(), tea.WithFPS(120),
		tea.WithoutSignalHandler(), // it does not tell which signal it was
	}
	if p.flags.mouse {
		settings = append(settings, tea.WithMouseCellMotion())
	}
	screens = tea.NewProgram(model, settings...)
	for _, f := range feeds {
		go f(ctx, screens.Send)
	}
	ran := make(chan error, 1)
	go func() {
		_, err := screens.Run()
		ran <- err
	}()
	defer func() { p.signalStatus = signalStatus(ctx) }()
	select {
	case err := <-ran:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ran:
		return err
	case <-time.After(leaveAfter):
		output.GiveBack()
		return errStuck
	}
}

// errStuck is of a terminal that takes no output, such as one that hangs. Bubble Tea would
// wait for it for ever.
var errStuck = errors.New("the terminal takes no output")

// leaveAfter is how long screens may take to leave the terminal when they are to end.
const leaveAfter = 2 * time.Second
