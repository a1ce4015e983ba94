package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// A large file is read whole, also if it has grown or shrunk since it was looked at.
func TestReadSized(t *testing.T) {
	want := make([]byte, large+12345)
	for i := range want {
		want[i] = byte(i * 7 >> 3)
	}
	path := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, off := range []int64{0, 1, -1, 9999, -9999, -large} {
		got, err := readSized(path, int64(len(want))+off)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("off by %d: %d bytes of %d (%v)", off, len(got), len(want), err)
		}
	}
	if _, err := readSized(path+"-not-there", large); !os.IsNotExist(err) {
		t.Errorf("a missing file: %v", err)
	}
}
