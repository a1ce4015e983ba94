package main

import (
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
