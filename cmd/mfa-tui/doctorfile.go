package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
)

// factorFile checks the factor file, its copy and what lies beside them.
func (x *examination) factorFile(ctx context.Context, a *app) {
	path := a.config.storePath
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // the others are beside the file that a link leads to
	}
	info, err := os.Stat(path)
	there := err == nil
	if a.storeErr != nil {
		x.note("factor file", failed, a.storeErr.Error(), restoring(a.storeErr))
	} else {
		x.readable(ctx, a, info)
		if there {
			x.backup(path)
		}
	}
	x.leftovers(path)
}

// restoring is what to do about a broken factor file, if the error does not say it.
func restoring(err error) string {
	var broken *store.BrokenError
	if errors.As(err, &broken) && broken.Backup != "" {
		return fmt.Sprintf("open mfa-tui and press b: it puts the copy of %s back and keeps the broken file", stamp(broken.BackupAt))
	}
	return ""
}

// readable checks a factor file that was opened. To open it closes it to others,
// which its notice tells.
func (x *examination) readable(ctx context.Context, a *app, info fs.FileInfo) {
	path := a.config.storePath
	if notice := a.Store.Notice(); notice != "" {
		x.note("factor file", warning, notice, "")
	}
	if err := a.Store.Ready(ctx); err != nil {
		x.note("factor file", failed, err.Error(), "")
		return
	}
	if dir, err := os.Stat(filepath.Dir(path)); err == nil && hasModes && openToWriters(dir.Mode()) {
		x.note("factor file", warning, fmt.Sprintf("other users can put another file in its place (folder %s, mode %04o)", filepath.Dir(path), dir.Mode().Perm()),
			"chmod go-w "+filepath.Dir(path))
	}
	if info == nil {
		x.ok("factor file", "%s: not there yet, the first factor makes it", path)
		return
	}
	x.ok("factor file", "%s: %s of this environment%s", path, english.Plural(len(a.Store.Records()), "factor", ""), modeOf(path))
}

// openToWriters reports whether others may replace what is in a folder.
func openToWriters(mode fs.FileMode) bool { return mode&0o022 != 0 && mode&fs.ModeSticky == 0 }

// modeOf tells the permissions of a file and its folder, where a mode has them.
func modeOf(path string) string {
	file, err := os.Stat(path)
	dir, dirErr := os.Stat(filepath.Dir(path))
	if !hasModes || err != nil || dirErr != nil {
		return ""
	}
	return fmt.Sprintf(", mode %04o in a folder of %04o", file.Mode().Perm(), dir.Mode().Perm())
}

// backup checks the last good copy.
func (x *examination) backup(path string) {
	const fix = "move it away; the next change makes a new one"
	copied := store.NewFile(path + ".bak")
	data, err := copied.Read()
	switch {
	case err != nil:
		x.note("copy", warning, err.Error(), fix)
	case data == nil:
		x.note("copy", warning, "there is none of the factor file", "the next change makes one")
	case !json.Valid(data):
		x.note("copy", warning, copied.Path()+" is broken", fix)
	default:
		x.ok("copy", "%s can be read", filepath.Base(copied.Path()))
	}
}

// leftovers tells of files that were put aside and never looked at.
func (x *examination) leftovers(path string) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return // no folder, nothing in it
	}
	var names []string
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), filepath.Base(path))
		for _, suffix := range []string{".broken-", ".bak-", ".version-", ".export-"} {
			if ok && strings.HasPrefix(rest, suffix) {
				names = append(names, e.Name())
			}
		}
	}
	if len(names) == 0 {
		return
	}
	const most = 5
	text := strings.Join(names[:min(most, len(names))], ", ")
	if over := len(names) - most; over > 0 {
		text += fmt.Sprintf(" and %d more", over)
	}
	x.note("put aside", warning, "older files beside the factor file: "+text,
		"remove them once nothing in them is missed: they may hold factors and TOTP secrets")
}
