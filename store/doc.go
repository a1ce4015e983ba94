// Package store keeps factors in a local JSON file. WorkOS has no call that
// lists factors, so that the ids in this file are the only way back to them.
//
// The file holds the factors of several environments apart from each other, one
// factor a line:
//
//	{
//	"version": 1,
//	"environments": {
//	"client_…": {"factors": […]},
//	"local": {
//	"factors": [
//	{"id":"auth_factor_…","type":"totp",…},
//	{"id":"auth_factor_…","type":"sms",…}
//	]}}}
//
// A [Store] is the part of one environment. It answers reads from memory. Every
// change reads the file's newest content under a lock, changes that and replaces
// the file whole, so that windows do not overwrite each other and a crash leaves
// the old file or the new one. What this version does not know, on any level of
// the file, stays as it is. A change that can't be written stays in memory
// ([Store.Unsaved]) and goes into the file with the next one.
//
// Beside factors.json there may be
//
//	factors.json.lock            the lock; it stays there and means nothing by itself
//	factors.json.bak             the last good copy, as new as the file
//	factors.json.broken-<time>   a broken file that was replaced by that copy
//	factors.json.bak-<time>      the copy of a file that somebody took away
//	factors.json.export-<time>   an export, written before all factors are forgotten
//
// A file that can't be read is a [*BrokenError] and is never written to;
// [RestoreBackup] puts the last good copy in its place.
//
// A TOTP secret is kept until its factor is verified for the first time, so that
// the QR code can be shown again. Then it is erased, from the copy too. The files
// are for their owner alone.
package store
