package main

import "golang.org/x/sys/windows"

// hasClipboard reports whether this machine has a clipboard. Nano Server has none, and
// not the DLL either that the library would call.
func hasClipboard() bool { return windows.NewLazySystemDLL("user32.dll").Load() == nil }
