//go:build !unix

package store

import "io/fs"

// syncFolder does nothing here.
func syncFolder(string) error { return nil }

// foreign can't be told from the mode of a file here.
func foreign(fs.FileInfo) bool { return false }

// exposed can't be told from the mode of a file here: the rules of its folder keep
// others out.
func exposed(fs.FileInfo) bool { return false }
