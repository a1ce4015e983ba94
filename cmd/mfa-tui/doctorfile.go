package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
)

// factorFile checks the factor file, its backup and what lies beside them.
func (r *report) factorFile(ctx context.Context, a *app) {
	if dir := r.env["XDG_DATA_HOME"]; dir != "" && !filepath.IsAbs(dir) && r.flags.store == "" && r.env["MFA_TUI_STORE"] == "" {
		r.warn("factor file", "set it to an absolute path", "XDG_DATA_HOME is ignored: %q is not an absolute path", dir)
	}
	path := store.Target(a.config.storePath) // the others are beside the file that a link leads to
	_, err := os.Stat(path)
	exists := err == nil
	var broken *store.BrokenError
	switch {
	case errors.As(a.storeErr, &broken) && broken.Backup != "":
		r.fail("factor file", fmt.Sprintf("open mfa-tui and press b: it restores the backup of %s and keeps the broken file", stamp(broken.BackupAt)), "%v", a.storeErr)
	case a.storeErr != nil:
		r.fail("factor file", "", "%v", a.storeErr)
	default:
		r.usable(ctx, a, exists)
		if exists {
			r.backup(path)
		}
	}
	r.beside(path)
	if a.notice != "" {
		r.warn("factor file", "", "%s", a.notice)
	}
}

// usable checks a factor file that was opened. Opening closed it to others, if
// need be, and the notice says so.
func (r *report) usable(ctx context.Context, a *app, exists bool) {
	path := a.config.storePath
	folder := filepath.Dir(path)
	if notice := a.Store.Notice(); notice != "" {
		r.warn("factor file", "", "%s", notice)
	}
	if err := a.Store.Ready(ctx); err != nil {
		r.fail("factor file", "", "%v", err)
		return
	}
	mode := modeOf(folder)
	if hasModes && mode&0o022 != 0 && mode&fs.ModeSticky == 0 {
		r.warn("factor file", "chmod go-w "+folder, "other users can replace it (folder %s, mode %04o)", folder, mode.Perm())
	}
	if !exists {
		r.ok("factor file", "%s: does not exist yet; the first factor creates it", path)
		return
	}
	text := fmt.Sprintf("%s: %s of this environment", path, english.Plural(len(a.Store.Records()), "factor", ""))
	if hasModes {
		text += fmt.Sprintf(", mode %04o in a folder of %04o", modeOf(path).Perm(), mode.Perm())
	}
	others := a.Elsewhere()
	if others != "" {
		text += "; of others: " + others
	}
	refused := slices.ContainsFunc(r.checks, func(c check) bool { return c.Name == "key" && c.Status == failed })
	if len(a.Store.Movable()) > 0 && len(a.Store.Records()) == 0 && !refused { // or the key's name may be that of a wrong one
		r.warn("factor file", "if it is this environment under another name, move them: mfa-tui environments move OLD "+a.Store.Environment(), "%s", text)
		return
	}
	r.ok("factor file", "%s", text)
}

// modeOf is the mode of a file, 0 if it is not there.
func modeOf(path string) fs.FileMode {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Mode()
}

// backup checks the last good copy of the factor file.
func (r *report) backup(path string) {
	const fix = "move it away; the next change creates a new one"
	backup := store.NewFile(path).Backup()
	path = backup.Path()
	data, err := backup.Read()
	switch {
	case err != nil:
		r.warn("copy", fix, "%v", err) // the check has been called so in --json from the start
	case data == nil:
		r.warn("copy", "the next change creates one", "the factor file has no backup yet")
	case !json.Valid(data):
		r.warn("copy", fix, "%s is broken", path)
	default:
		r.ok("copy", "%s can be read", filepath.Base(path))
	}
}

// beside lists the exports and the files that were put aside next to the factor file.
func (r *report) beside(path string) {
	const fix = "delete them when you no longer need them"
	if names := namesBeside(path, ".broken-", ".bak-"); names != "" {
		r.warn("put aside", fix+": they may hold factors and TOTP secrets", "older files beside the factor file: %s", names)
	}
	if names := namesBeside(path, ".export-"); names != "" {
		r.add("exports", ok, fix, "saved before the list was cleared: %s", names)
	}
}

// namesBeside are the names of files beside a file that begin with its name and one
// of these suffixes, the first few if there are many.
func namesBeside(path string, suffixes ...string) string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return "" // no folder, nothing in it
	}
	var names []string
	for _, e := range entries {
		rest, beside := strings.CutPrefix(e.Name(), filepath.Base(path))
		if beside && slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasPrefix(rest, suffix) }) {
			names = append(names, e.Name())
		}
	}
	const most = 5
	if over := len(names) - most; over > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", over))
	}
	return strings.Join(names, ", ")
}
