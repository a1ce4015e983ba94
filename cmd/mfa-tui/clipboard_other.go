//go:build !windows

package main

import "github.com/atotto/clipboard"

// hasClipboard reports whether this machine has a tool for its clipboard.
func hasClipboard() bool { return !clipboard.Unsupported }
