// Package store keeps factors in a local JSON file. WorkOS has no call that lists
// the factors of no user, so the ids in this file are the only way back to them.
//
// The file has the factors of each environment, one factor per line:
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
// A [Store] is one environment's part. Reads come from memory. Every change reads
// the newest content under a lock, changes that and replaces the file whole, so
// that windows do not overwrite each other and a crash leaves the old file or the
// new one. What this version does not know, on any level of the file, stays as it
// is. A change that can't be written stays in memory ([Store.Unsaved]) and is
// written with the next one.
//
// Beside factors.json there may be
//
//	factors.json.lock            the lock; it stays there and means nothing by itself
//	factors.json.bak             the backup, as new as the file
//	factors.json.broken-<time>   a broken file that was replaced by the backup
//	factors.json.bak-<time>      the backup of a file that somebody removed
//	factors.json.export-<time>   an export, written before the list is cleared
//
// A file that can't be read is a [*BrokenError] and is never written to;
// [RestoreBackup] replaces it by the backup.
//
// A TOTP secret is kept until its factor is verified for the first time, so that
// the QR code can be shown again. Then it is erased, from the backup too. Only
// their owner can read the files.
package store
