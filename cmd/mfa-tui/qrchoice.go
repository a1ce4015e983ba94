package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/adrg/xdg"

	"mfa-tui/store"
	"mfa-tui/tui"
	"mfa-tui/tui/qr"
)

// qrStyles are the values of --qr.
func qrStyles() []string {
	var names []string
	for _, f := range qr.Styles {
		names = append(names, string(f))
	}
	return names
}

// checkQR checks a value of --qr.
func checkQR(name string) error {
	if name == "" || slices.Contains(qr.Styles, qr.Style(name)) {
		return nil
	}
	return usageError{fmt.Errorf("QR style %q: want one of %s", name, strings.Join(qrStyles(), ", "))}
}

// qrChoices is a file that remembers how QR codes are drawn on each terminal.
// Nothing else is lost with it.
type qrChoices struct {
	file     *store.File
	terminal string
}

// keptQR is a choice as the file has it.
type keptQR struct {
	Style qr.Style `json:"form"`
	// OtherColors is set if black and white are the reverse of what the environment
	// says.
	OtherColors bool `json:"other_colors,omitempty"`
}

// qrChoicesFor returns the choices for the terminal with a look.
func qrChoicesFor(e environ, l look) qrChoices {
	terminal := cmp.Or(e["TERM_PROGRAM"], e["TERM"], "unknown")
	if l.plain() {
		terminal += " without colours"
	}
	return qrChoices{store.NewFile(filepath.Join(e.folder("XDG_STATE_HOME", xdg.StateHome), "mfa-tui", "qr.json")), terminal}
}

// load returns the style that --qr asks for, which is then remembered, or else what
// was chosen last. A file that can't be read counts as none.
func (c qrChoices) load(asked string) tui.QRChoice {
	var kept map[string]keptQR
	if data, err := c.file.Read(); err == nil {
		_ = json.Unmarshal(data, &kept)
	}
	was := kept[c.terminal]
	choice := tui.QRChoice{Style: qr.Style(cmp.Or(asked, string(was.Style), string(qr.Auto))), Other: was.OtherColors}
	if !slices.Contains(qr.Styles, choice.Style) {
		choice.Style = qr.Auto
	}
	if asked != "" && choice.Style != was.Style {
		_ = c.save(choice) // or the next time
	}
	return choice
}

// save remembers a choice.
func (c qrChoices) save(choice tui.QRChoice) error {
	const patience = time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return c.file.Update(ctx, func(old []byte) ([]byte, error) {
		var kept map[string]keptQR
		if json.Unmarshal(old, &kept) != nil || kept == nil {
			kept = map[string]keptQR{} // there is no file, or a broken one
		}
		kept[c.terminal] = keptQR{choice.Style, choice.Other}
		return json.MarshalIndent(kept, "", "  ")
	})
}
