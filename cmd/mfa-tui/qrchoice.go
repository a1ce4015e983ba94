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

// qrChoices is a file that keeps how QR codes are drawn on each terminal that a
// person uses. Only a convenience is lost with it.
type qrChoices struct {
	file     *store.File
	terminal string
}

// keptQR is a choice as the file has it.
type keptQR struct {
	Style qr.Style `json:"form"`
}

// qrChoicesFor returns the choices for the terminal of an environment.
func qrChoicesFor(e environ) qrChoices {
	terminal := cmp.Or(e["TERM_PROGRAM"], e["TERM"], "unknown")
	return qrChoices{store.NewFile(filepath.Join(stateHome(e), "mfa-tui", "qr.json")), terminal}
}

// stateHome is $XDG_STATE_HOME or what takes its place on this system.
func stateHome(e environ) string {
	if dir := e["XDG_STATE_HOME"]; filepath.IsAbs(dir) {
		return dir
	}
	return xdg.StateHome
}

// load returns what was chosen last, or what --qr asks for now, which is kept for
// the next time. A file that can't be read is as good as none.
func (c qrChoices) load(asked string) qr.Style {
	var kept map[string]keptQR
	if data, err := c.file.Read(); err == nil {
		_ = json.Unmarshal(data, &kept)
	}
	was := kept[c.terminal].Style
	choice := cmp.Or(qr.Style(asked), was, qr.Auto)
	if !slices.Contains(qr.Styles, choice) {
		choice = qr.Auto
	}
	if asked != "" && choice != was {
		_ = c.save(choice) // asked for again it is saved then
	}
	return choice
}

// save keeps a choice.
func (c qrChoices) save(choice qr.Style) error {
	const patience = time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return c.file.Update(ctx, func(old []byte) ([]byte, error) {
		var kept map[string]keptQR
		if json.Unmarshal(old, &kept) != nil || kept == nil {
			kept = map[string]keptQR{} // nothing there, or nothing worth keeping
		}
		kept[c.terminal] = keptQR{choice}
		return json.MarshalIndent(kept, "", "  ")
	})
}
