package main

import (
	"path/filepath"

	"mfa-tui/store"
)

// savePNG writes a picture, which holds a secret, to a file in the working folder
// and returns its whole path. One that is there already is only replaced if
// replace says so; the error is fs.ErrExist otherwise.
func savePNG(name string, png []byte, replace bool) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if replace {
		return path, store.ReplaceFile(path, png)
	}
	return path, store.CreateFile(path, png)
}
