package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// endSignals are the signals that end the program in good order. The hangup
// comes when the window of the terminal is closed; nohup has it ignored.
func endSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// endedBySignal is why a context was cancelled.
type endedBySignal struct{ os.Signal }

func (s endedBySignal) Error() string { return s.String() }

// untilSignal returns a context that the first of the signals cancels. Until stop
// is called the next ones are ignored.
func untilSignal(ctx context.Context, signals ...os.Signal) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, signals...)
	go func() {
		select {
		case s := <-caught:
			cancel(endedBySignal{s})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(caught)
		cancel(nil)
	}
}

// signalStatus is what a shell reports of a command that the signal ended which
// cancelled the context, 0 if none did.
func signalStatus(ctx context.Context) int {
	var by endedBySignal
	if !errors.As(context.Cause(ctx), &by) {
		return exitDone
	}
	if s, ok := by.Signal.(syscall.Signal); ok {
		return 128 + int(s)
	}
	return exitFailed
}

// onQuit calls giveBack at SIGQUIT, and then ends as Go does: with what every
// goroutine is doing, even if none of them does anything any more.
func onQuit(giveBack func()) (stop func()) {
	caught, stopped := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(caught, syscall.SIGQUIT)
	go func() {
		select {
		case s := <-caught:
			giveBack()
			signal.Reset(s)
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Signal(s)
			}
		case <-stopped:
		}
	}()
	return func() {
		signal.Stop(caught)
		close(stopped)
	}
}
