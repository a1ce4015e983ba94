//go:build !unix

package main

import "os"

// foreground is always true: there are no jobs in the background.
func foreground(*os.File) bool { return true }
