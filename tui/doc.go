// Package tui is the terminal UI of mfa-tui: a Bubble Tea state machine that
// moves through factors, enrollment, challenge and verification.
//
// [Model] is the one tea.Model. It owns what every screen has in common: the
// size, the header and the footer, the line for a notice or an error, the
// spinner, ctrl+c and ctrl+z. Everything else is a screen. A screen is a value
// in a file of its own; its update returns the screen to show next, so going
// somewhere is returning a newly built screen, and no state outlives its
// screen. What may lead where is the table in flow.go.
//
// A screen lists its keys once, as actions: the same list answers key presses
// and fills the footer, so that help can't drift from what works.
//
// All calls are commands, in commands.go and usercommands.go. A call that a screen waits for is its
// [work]; the result carries the work's id, and a result that nobody waits for
// any more is announced (an enrollment) or dropped (a cancelled challenge).
//
// The package knows WorkOS through [API], the factor file through [Store] and
// the phone of the local engine through [TestPhone]. It opens no file, reads no
// environment and knows nothing of HTTP.
package tui
