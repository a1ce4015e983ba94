// Package tui is the terminal UI of mfa-tui: a Bubble Tea state machine that
// moves through factors, enrollment, challenge and verification.
//
// [Model] is the one tea.Model, the root. It has what every screen has in common:
// the size, the header and the footer, the line for a notice, the one call that is
// in flight, ctrl+c and ctrl+z. Everything else is a screen. A screen is a value in
// a file of its own; going somewhere is returning a newly built screen, and no
// state outlives its screen. What may lead where is the table in flow.go.
//
// A screen has a title, an update, a view and actions. An action is a key, whether
// it works now, whether the footer shows it, and what it does. The root presses the
// keys and draws footer and help from the same list, so that help can't drift from
// what works. While a call is in flight it lets through esc, which cancels the call
// or leaves it running, and the actions that don't mind.
//
// All calls are commands, in commands.go and usercommands.go. The session has the
// [work] that the open screen waits for; the result carries its id, and a result
// that nobody waits for any more is announced (an enrollment) or dropped (a
// cancelled challenge).
//
// What knows nothing of factors is in tui/widget. The package knows WorkOS through
// [API], the factor file through [Store] and the phone of the local engine through
// [TestPhone]. It opens no file, reads no environment and knows nothing of HTTP.
package tui
