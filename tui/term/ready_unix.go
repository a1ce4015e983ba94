//go:build unix

package term

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// ready reports whether a file has something to read, or comes to have it in time.
func ready(f *os.File, wait time.Duration) bool {
	end := time.Now().Add(wait)
	for {
		// Not poll, which macOS does not have for terminals.
		left := unix.NsecToTimeval(max(0, time.Until(end)).Nanoseconds())
		var set unix.FdSet
		fd := int(f.Fd())
		set.Set(fd)
		n, err := unix.Select(fd+1, &set, nil, nil, &left)
		if !errors.Is(err, unix.EINTR) {
			return err == nil && n > 0
		}
	}
}
