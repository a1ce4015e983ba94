// Package noquery keeps the program from asking the terminal anything before
// its first frame.
//
// Bubble Tea v1 asks lipgloss for the background colour while packages
// initialize; lipgloss sends a query to standard output and waits up to five
// seconds for an answer, which some terminals never give. This package hides
// standard output until main calls [Restore], so that lipgloss finds no terminal
// to ask. It must be initialized before them: Go initializes the packages that
// are ready in the order of their paths, and this one imports "os" alone, so it
// is ready long before anything that draws. A test of the real binary in a
// terminal fails if that ever changes.
package noquery

import "os"

var stdout = os.Stdout

func init() { os.Stdout = nil }

// Restore brings standard output back. Call it first in main.
func Restore() { os.Stdout = stdout }
