package store

import (
	"fmt"
	"os"
	"path/filepath"
)

// ownFolder is the name of a folder that is mfa-tui's alone. Any other folder may
// be the person's home, whose permissions are theirs to choose.
const ownFolder = "mfa-tui"

// closeFolder keeps others out of mfa-tui's own folder. They can't read the files
// in it anyway, so a failure does no harm.
func closeFolder(dir string) {
	info, err := os.Stat(dir)
	if err == nil && info.IsDir() && filepath.Base(dir) == ownFolder && exposed(info) && !foreign(info) {
		_ = os.Chmod(dir, 0o700)
	}
}

// closeToOthers makes the file and its backup private and returns what to tell the
// person, nothing if they were private.
func (f *File) closeToOthers() string {
	closeFolder(filepath.Dir(f.target()))
	told := ""
	for _, path := range []string{f.backupPath(), f.target()} {
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() || !exposed(info) {
			continue
		}
		told = fmt.Sprintf("other users could read %s (mode %04o); now only you can", path, info.Mode().Perm())
		if err := os.Chmod(path, 0o600); err != nil {
			told = fmt.Sprintf("other users can read %s, and that can't be changed here: %v", path, err)
		}
	}
	return told
}
