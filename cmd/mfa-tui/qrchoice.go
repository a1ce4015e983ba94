package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

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

// qrChoices is a file that remembers how QR codes are drawn on each terminal.
// Nothing else is lost with it.
type qrChoices struct {
	file     *store.File
	terminal string
	noFile   error // why there is no file
}

// keptQR is a choice as the file has it.
type keptQR struct {
	Style qr.Style `json:"form"`
}

// qrChoicesFor returns the choices for a terminal. Without a folder for them nothing
// is remembered.
func qrChoicesFor(e environ) qrChoices {
	terminal := cmp.Or(e["TERM_PROGRAM"], e["TERM"], "unknown")
	folder, err := e.folder(runtime.GOOS, "XDG_STATE_HOME", ".local/state")
	if err != nil {
		return qrChoices{terminal: terminal, noFile: err}
	}
	return qrChoices{file: store.NewFile(filepath.Join(folder, "mfa-tui", "qr.json")), terminal: terminal}
}

// load returns the style that --qr asks for, which is then remembered, or else what
// was chosen last. A file that can't be read counts as none.
func (c qrChoices) load(asked string) qr.Style {
	var kept map[string]keptQR
	if c.noFile == nil {
		if data, err := c.file.Read(); err == nil {
			_ = json.Unmarshal(data, &kept)
		}
	}
	was := kept[c.terminal]
	style := cmp.Or(qr.Style(asked), was.Style, qr.Auto)
	if !slices.Contains(qr.Styles, style) {
		style = qr.Auto
	}
	if asked != "" && style != was.Style {
		_ = c.save(style) // or the next time
	}
	return style
}

// save remembers a choice.
func (c qrChoices) save(style qr.Style) error {
	if c.noFile != nil {
		return c.noFile
	}
	const patience = time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return c.file.Update(ctx, func(old []byte) ([]byte, error) {
		var kept map[string]keptQR
		if json.Unmarshal(old, &kept) != nil || kept == nil {
			kept = map[string]keptQR{} // there is no file, or a broken one
		}
		kept[c.terminal] = keptQR{style}
		return json.MarshalIndent(kept, "", "  ")
	})
}
