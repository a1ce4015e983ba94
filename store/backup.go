package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

const backupSuffix = ".bak"

func (f *File) backupPath() string { return f.target() + backupSuffix }

// writeBackup writes the next content beside the file. It comes before the file
// itself, so that after a kill between the two no secret is left in the backup
// alone. If somebody removed the file, the backup may be the last trace of its
// factors, and is put aside first.
func (f *File) writeBackup(old, data []byte) error {
	if err := free(f.backupPath()); err != nil {
		return err
	}
	if old == nil {
		if copied, err := f.Backup().Read(); err == nil && copied != nil && !bytes.Equal(copied, data) {
			if _, err := f.putAside(backupSuffix+"-"+f.stamp(), copied); err != nil {
				return err
			}
		}
	}
	if err := ReplaceFile(f.backupPath(), data); err != nil {
		return f.explain("write the backup of", err)
	}
	return nil
}

// stampForm is the time in the name of a file.
const stampForm = "20060102T150405Z"

func (f *File) stamp() string { return f.now().UTC().Format(stampForm) }

// putAside writes data to a new file beside the file, with the suffix in its name,
// and a number if that name is taken.
func (f *File) putAside(suffix string, data []byte) (path string, err error) {
	base := f.target() + suffix
	path = base
	for n := 2; ; n++ {
		err = CreateFile(path, data)
		if !errors.Is(err, fs.ErrExist) {
			return path, f.explain("keep a copy of", err)
		}
		path = fmt.Sprintf("%s-%d", base, n)
	}
}

// BrokenError is a factor file that can't be read. It is never written to.
type BrokenError struct {
	Path     string
	Err      error     // what is wrong with it
	Backup   string    // the backup, for RestoreBackup; empty if there is no good one
	BackupAt time.Time // when the backup was written
}

func (e *BrokenError) Error() string {
	next := "fix it, or move it away to start with an empty one"
	switch {
	case errors.Is(e.Err, errNewer):
		next = "use a newer mfa-tui, or name another file with --store"
	case errors.Is(e.Err, ErrForeign):
		next = "name another file with --store"
	case e.Backup != "":
		next = "fix it, or restore the backup " + e.Backup
	}
	return fmt.Sprintf("factor file %s: %v; %s", e.Path, e.Err, next)
}

// Unwrap returns what is wrong with the file.
func (e *BrokenError) Unwrap() error { return e.Err }

// broken is the error for a content that can't be decoded.
func (f *File) broken(environment string, reason error) *BrokenError {
	e := &BrokenError{Path: f.path, Err: reason}
	if errors.Is(reason, errNewer) || errors.Is(reason, ErrForeign) { // nothing is broken, so there is nothing to restore
		return e
	}
	info, data, err := f.Backup().read()
	if err != nil || data == nil {
		return e
	}
	if _, err := decode(data, environment); err == nil {
		e.Backup, e.BackupAt = f.backupPath(), info.ModTime()
	}
	return e
}

// RestoreBackup replaces a broken or missing factor file by its backup and returns
// where the broken file is kept, empty if there was none. It refuses to replace a
// file that can be read.
func RestoreBackup(ctx context.Context, opts Options) (kept string, err error) {
	f, environment := opts.file(), EnvironmentName(opts.Environment)
	unlock, err := f.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	data, err := f.Read()
	if err != nil {
		return "", err
	}
	if data != nil {
		switch _, err := decode(data, environment); {
		case err == nil:
			return "", fmt.Errorf("factor file %s is not broken, so the backup was not restored", f.path)
		case errors.Is(err, errNewer), errors.Is(err, ErrForeign):
			return "", f.broken(environment, err)
		}
	}
	backup := f.Backup()
	good, err := backup.Read()
	if err != nil {
		return "", err
	}
	if good == nil {
		return "", fmt.Errorf("factor file %s has no backup %s", f.path, backup.path)
	}
	if _, err := decode(good, environment); err != nil {
		return "", fmt.Errorf("the backup of factor file %s can't be read either: %w", f.path, &BrokenError{Path: backup.path, Err: err})
	}
	if data != nil {
		if kept, err = f.putAside(".broken-"+f.stamp(), data); err != nil {
			return "", err
		}
	}
	return kept, f.explain("write", ReplaceFile(f.target(), good))
}

// missing says that the file is missing although it has a backup, empty otherwise.
// The backup is not lost: it is put aside before the next write.
func (f *File) missing() string {
	if _, err := os.Stat(f.backupPath()); err != nil {
		return ""
	}
	return fmt.Sprintf("%s is missing, but its backup is there: to get the factors back, quit and rename %s", f.path, f.backupPath())
}
