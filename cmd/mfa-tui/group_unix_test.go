//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// inGroup lets a command that is not started yet be ended with all that it starts.
func inGroup(cmd *exec.Cmd) (end func()) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
