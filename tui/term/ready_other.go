//go:build !unix

package term

import (
	"os"
	"time"
)

// ready reports whether a file has something to read: the caller knew that,
// and nothing is known of what comes after.
func ready(_ *os.File, wait time.Duration) bool { return wait == 0 }
