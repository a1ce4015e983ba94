package main

import (
	"errors"
	"os"
	"path/filepath"
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
		return path, replaceFile(path, png)
	}
	return path, createFile(path, png)
}

// createFile writes a new file, for the person alone. It leaves none that is half
// written.
func createFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return removeUnless(errors.Join(err, f.Close()), path)
}

// replaceFile writes a file, for the person alone: the one that was there stays
// as it was until all of the new one is written.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return removeUnless(err, f.Name())
}

// removeUnless removes a file that did not come to be.
func removeUnless(err error, path string) error {
	if err != nil {
		_ = os.Remove(path) // the failure that is told matters more
	}
	return err
}
