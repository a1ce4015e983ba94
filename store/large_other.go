//go:build !linux

package store

// inLargePages does nothing where the system is not to be asked.
func inLargePages([]byte) {}
