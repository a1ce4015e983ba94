// Package tui is the terminal UI of mfa-tui: a Bubble Tea state machine that
// moves through factors, enrollment, challenge and verification.
//
// [Model] is the one tea.Model, the root. It has what every screen has in common:
// the size, the header and the footer, the notice line, the one call in flight,
// ctrl+c and ctrl+z. Everything else is a screen. A screen is a value in a file of
// its own. To go somewhere, return a newly built screen: no state outlives its
// screen. The table in flow.go says which screen may lead to which.
//
// A screen has a title, an update, a view and actions. An action is a key, whether
// it works now, whether the footer shows it, and what it does. The root matches the
// keys and draws footer and help from the same list, so help can't drift from what
// works. During a call only two things work: esc, which cancels the call or leaves
// it running, and actions that are marked whileBusy.
//
// All calls are commands, in commands.go. The session has the [work] that the open
// screen waits for. A result carries the ID of its work. When no screen waits for a
// result any more, it is announced (an enrollment) or dropped (a cancelled challenge).
//
// The console of a server (console.go) is the same machine with another first screen: four
// lists in place of the list of factors. What they show is in server.go.
//
// What knows nothing about factors is in tui/widget. The rules about factors and the
// calls are in store/factors; the phone of the local engine is a [factors.TestPhone]. The
// package opens no file, reads no environment and knows nothing about HTTP.
package tui
