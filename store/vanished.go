package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// VanishedError says that the factor file was there and is gone now, perhaps with its
// folder. What it had is still in memory. Nothing is written until the file is there
// again or [Store.WriteBack] writes it: a new file would hide what is missing.
type VanishedError struct{ Path string }

func (e *VanishedError) Error() string {
	return fmt.Sprintf("factor file %s is gone, but what was in it is still in memory: write it back from the list, or put the file back", e.Path)
}

// Vanished is what was last found out about a file that is gone, nil if it is there or
// never was.
func (s *Store) Vanished() *VanishedError { return s.shown.Load().vanished }

// missed is an error if there is no content now and there was one before.
func (s *Store) missed(data []byte) error {
	if data != nil || s.saved == nil || s.saved.data == nil {
		return nil
	}
	s.vanished = &VanishedError{s.file.path}
	s.seen = nil // a file that comes back is read, even if it looks as before
	return s.vanished
}

// present is an error if the file is gone. A change asks before it takes the lock,
// which would make the folder again, perhaps where a disk is no longer mounted.
func (s *Store) present() error {
	if _, err := os.Lstat(s.file.path); errors.Is(err, fs.ErrNotExist) {
		return s.missed(nil)
	}
	return nil
}

// WriteBack writes a file that is gone as it was last seen, then what is unsaved. If
// the file is there again, it is read instead.
func (s *Store) WriteBack(ctx context.Context) error {
	if err := s.restore(ctx); err != nil {
		return err
	}
	if _, err := s.Reload(); err != nil {
		return err
	}
	return s.commit(ctx)
}

func (s *Store) restore(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.present() == nil {
		return nil
	}
	return s.file.Update(ctx, func(old []byte) ([]byte, error) {
		if old != nil {
			return nil, nil
		}
		return s.saved.data, nil
	})
}
