package tui

import (
	"strings"

	"mfa-tui/workos"
)

// explain tells what failed, then what to do about it.
func (d *session) explain(err error) string {
	parts := d.Explain(err)
	if workos.IsNotFound(err) {
		parts = append(parts, "r on its screen refreshes it")
	}
	return strings.Join(parts, " · ")
}
