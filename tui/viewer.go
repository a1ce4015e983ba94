package tui

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
)

// openPicture is the picture of a QR code that is open in the desktop's viewer. It
// has a secret, and is deleted when its screen is left or the program ends.
type openPicture struct {
	left   atomic.Int64 // how often a screen that may open one was left
	mu     sync.Mutex   // held while one is opened
	remove func() error // nil if there is none
}

// open opens a picture in place of the one before, unless it is cancelled or its
// screen is left.
func (p *openPicture) open(ctx context.Context, left int64, do func() (remove func() error, err error)) (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wanted := func() bool { return ctx.Err() == nil && p.left.Load() == left }
	if err := p.delete(); err != nil || !wanted() {
		return err
	}
	if p.remove, err = do(); err != nil || !wanted() {
		err = errors.Join(err, p.delete())
	}
	return err
}

// leave returns a command that deletes the picture, also one that is being opened.
func (p *openPicture) leave() tea.Cmd {
	p.left.Add(1)
	return func() tea.Msg {
		p.mu.Lock()
		defer p.mu.Unlock()
		if err := p.delete(); err != nil {
			return noticeMsg{notice{failure, "the picture with the secret is still there: " + words.Clean(err.Error())}}
		}
		return nil
	}
}

// delete deletes the picture, if there is one. What can't be deleted now may be later.
func (p *openPicture) delete() error {
	if p.remove == nil {
		return nil
	}
	err := p.remove()
	if err == nil {
		p.remove = nil
	}
	return err
}

// pngOpenedMsg ends openPNG.
type pngOpenedMsg struct{ outcome }

// openPNG opens a QR code as a picture in the desktop's viewer.
func (s *session) openPNG(code qr.Code) tea.Cmd {
	left := s.opened.left.Load()
	return s.call("Opening a picture…", func(ctx context.Context, id int) tea.Msg {
		return pngOpenedMsg{outcome{id, s.opened.open(ctx, left, func() (func() error, error) {
			png, err := code.PNG()
			if err != nil {
				return nil, err
			}
			return s.OpenPNG(png)
		})}}
	})
}
