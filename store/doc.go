// Package store keeps factors in a local JSON file. WorkOS has no call that
// lists factors, so that the ids in this file are the only way back to them.
//
// The file holds the factors of several environments apart from each other:
//
//	{
//	  "version": 1,
//	  "environments": {
//	    "local": {"factors": [{"id": "auth_factor_…", "type": "totp", …}]},
//	    "client_…": {"factors": […]}
//	  }
//	}
//
// A [Store] is the part of one environment. It answers reads from memory. Every
// change reads the file's newest content under a lock, changes that and replaces
// the file whole, so that windows do not overwrite each other. A change that
// can't be written stays in memory ([Store.Unsaved]) and goes into the file with
// the next one.
//
// A TOTP secret is kept until its factor is verified for the first time, so that
// the QR code can be shown again; the file is for its owner alone.
package store
